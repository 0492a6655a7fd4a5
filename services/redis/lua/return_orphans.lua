-- Gives back jobs that this process, or a main node before it, has locked but
-- that nobody runs: the answer of a claim was lost, or an actor died between
-- claim and dispatch.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 start of this process's tokens
--       then the ids that do run
-- Returns: the ids that were given back.
-- include lib_fence.lua
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
local running = {}
for i = 4, #ARGV do running[ARGV[i]] = true end
local returned = {}
for _, id in ipairs(call('LRANGE', ACTIVE, '0', '-1')) do
  local lock = P .. id .. ':lock'
  local owner = not running[id] and lock_of(id)
  if owner and string.sub(owner, 1, #ARGV[3]) == ARGV[3] then
    call('DEL', lock)
    call('SREM', P .. 'stalled', id)
    call('LREM', ACTIVE, '1', id)
    line_up(id, priority_of(id), true)
    event('waiting', 'jobId', id, 'prev', 'active')
    returned[#returned + 1] = id
  end
end
if #returned > 0 then wake_unless_blocked() end
return returned
