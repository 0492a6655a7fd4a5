-- Keeps events that other programs published in the ring of their channel. Each
-- main node hears them and calls this; the first one to do so has them kept. One
-- listener hears an equal text twice only if it was published twice.
-- KEYS: none
-- ARGV: 1 to 4, see lib_ring.lua  5 name of the listener  6 ms to remember who
--       heard a text  then 1 to 500 texts
-- Returns: how many were kept
-- include lib_ring.lua
local texts = {}
for i = 7, #ARGV do
  local heard = ARGV[1] .. 'heard:' .. redis.sha1hex(ARGV[i])
  local by = call('GET', heard)
  if not by or by == ARGV[5] then
    call('SET', heard, ARGV[5], 'PX', ARGV[6])
    texts[#texts + 1] = ARGV[i]
  end
end
if #texts > 0 then keep('f', texts) end
return #texts
