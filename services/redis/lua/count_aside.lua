-- Counts the jobs that wait for a node that runs them (see lib_aside.lua), and
-- drops entries of jobs that no longer wait.
-- KEYS: none
-- ARGV: 1 prefix "bull:<queue>:"  2 own prefix  3 now, ms  4 most jobs per name
-- Returns: {name, count, …}
local P, D, now = ARGV[1], ARGV[2], ARGV[3]
local slots, aside_ms = '', 0
-- include lib_queue.lua
-- include lib_aside.lua
local out = {}
for _, name in ipairs(call('SMEMBERS', D .. 'aside')) do
  local key = D .. 'aside:' .. name
  for _, id in ipairs(call('ZRANGE', key, '0', int(ARGV[4] - 1))) do
    if not is_aside(id) then call('ZREM', key, id) end
  end
  local count = call('ZCARD', key)
  if count > 0 then
    out[#out + 1] = name
    out[#out + 1] = count
  else
    call('SREM', D .. 'aside', name)
  end
end
return out
