-- Renews the locks of running jobs.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 lock duration, ms  3 now, ms
--       then per job: id, token, ats
-- Returns: the lost ids: another worker has the lock or has taken the job since.
--   An expired lock is taken back if the job is still active with our ats.
-- include lib_fence.lua
local P = ARGV[1]
local call = redis.call
local lost = {}
for i = 4, #ARGV, 3 do
  local id, token, ats = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local lock = P .. id .. ':lock'
  -- An error, if a stranger put something else there, is the token of nobody.
  local owner = redis.pcall('GET', lock)
  local ours = owner == token
  if not owner then
    -- If the id names a key of another type, this is an error: the job is not
    -- ours.
    ours = redis.pcall('HGET', P .. id, 'ats') == ats and call('LPOS', P .. 'active', id)
  end
  if ours then
    -- This write comes first. If memory is full (noeviction), Redis runs a
    -- script only if its first write needs no memory.
    call('SREM', P .. 'stalled', id)
    call('SET', lock, token, 'PX', ARGV[2])
  else
    lost[#lost + 1] = id
  end
end
return lost
