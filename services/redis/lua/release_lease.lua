-- Gives up the lease of the active main node; see take_lease.lua.
-- KEYS: none
-- ARGV: 1 own prefix "darkroom:bull:<queue>:"  2 the holder  3 its fence
-- Returns: 1 given up, 0 another main node holds it.
local D = ARGV[1]
redis.call('DEL', D .. 'fence:' .. ARGV[3])
if redis.call('GET', D .. 'main') ~= ARGV[2] then return 0 end
return redis.call('DEL', D .. 'main')
