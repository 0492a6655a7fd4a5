-- Gives the lease of the active main node up: see take_lease.lua.
-- KEYS: none
-- ARGV: 1 own prefix "darkroom:bull:<queue>:"  2 the holder  3 its fence
-- Returns: 1 given up, 0 it was another's.
local D = ARGV[1]
redis.call('DEL', D .. 'fence:' .. ARGV[3])
if redis.call('GET', D .. 'main') ~= ARGV[2] then return 0 end
return redis.call('DEL', D .. 'main')
