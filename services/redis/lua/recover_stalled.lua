-- BullMQ's stalled check: jobs that were active at the last check and have no
-- lock now go back to the front. At most once an interval for the whole fleet.
-- Those that the caller runs get their locks back instead: after a Redis that
-- was away for longer than a lock holds, this may come before any renewal.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 interval, ms
--       4 how often a job may stall before it fails  5 lock duration, ms
--       then per job that the caller runs: id, token, ats
-- Returns: the ids that were recovered.
-- include lib_fence.lua
local P, now = ARGV[1], ARGV[2]
if redis.call('EXISTS', P .. 'stalled-check') == 1 then return {} end
-- include lib_queue.lua
call('SET', P .. 'stalled-check', now, 'PX', ARGV[3])
trim_events()
local STALLED = P .. 'stalled'
local recovered = {}
local run = {}
for i = 6, #ARGV, 3 do run[ARGV[i] .. ':' .. ARGV[i + 2]] = ARGV[i + 1] end
-- Whether it is the caller's, which has its lock again then.
local function is_run(id, key)
  local token = run[id .. ':' .. (fields_of(id, 'ats')[1] or '')]
  if token then call('SET', key .. ':lock', token, 'PX', ARGV[5]) end
  return token
end
for _, id in ipairs(call('SMEMBERS', STALLED)) do
  local key = P .. id
  -- A job that was removed has left nothing to recover but its id.
  if call('EXISTS', key .. ':lock') == 0 and not is_run(id, key)
      and call('LREM', ACTIVE, '1', id) > 0 and is_hash(id) then
    local count = call('HINCRBY', key, 'stc', '1')
    local scheduler = call('HGET', key, 'rjk')
    -- What a scheduler still repeats goes on however often it stalls.
    if count > tonumber(ARGV[4])
        and not (scheduler and call('ZSCORE', P .. 'repeat', scheduler)) then
      call('HSET', key, 'defa', 'job stalled more than allowable limit')
    end
    call('RPUSH', LINE, id)
    wake_unless_blocked()
    tell('waiting', 'jobId', id, 'prev', 'active')
    tell('stalled', 'jobId', id)
    recovered[#recovered + 1] = id
  end
end
call('DEL', STALLED)
local active = call('LRANGE', ACTIVE, '0', '-1')
for i = 1, #active, 5000 do
  call('SADD', STALLED, unpack(active, i, math.min(i + 4999, #active)))
end
return recovered
