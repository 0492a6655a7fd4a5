-- Publishes events and keeps them in the ring of their channel, so that both
-- have the same events in the same order.
-- KEYS: none
-- ARGV: 1 to 4, see lib_ring.lua  5 name of the publisher  6 number of its call
--       then 1 to 500 texts
-- Returns: 1; 0 if this call was made before, and only its answer was lost
-- include lib_ring.lua
local BY = ARGV[1] .. 'by:' .. ARGV[5]
if call('GET', BY) == ARGV[6] then return 0 end
local texts = {}
for i = 7, #ARGV do texts[#texts + 1] = ARGV[i] end
keep('e', texts)
call('SET', BY, ARGV[6], 'PX', '3600000')
for i = 1, #texts do call('PUBLISH', ARGV[2], texts[i]) end
return 1
