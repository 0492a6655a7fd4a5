-- The ring of a channel: its newest events, so that a browser that comes back
-- gets what it missed. An entry of the stream has the events of one call; its id
-- is <number of the first event>-<ms>. Events count from 1.
-- ARGV: 1 own prefix "darkroom:{<channel>}:"  2 channel  3 now, ms
--       4 how many events the ring keeps at least
local call = redis.call
local RING, PLACE = ARGV[1] .. 'ring', ARGV[1] .. 'place'
local MOST = 500 -- events of a call; with it, the oldest entry may be too long

local function int(x) return string.format('%.0f', x) end

-- Keeps texts; kind: 'e' published in the same call, 'f' heard on the channel.
local function keep(kind, texts)
  local last = call('HINCRBY', PLACE, 'last', #texts)
  local first = last - #texts + 1
  if first == 1 then -- the first of this ring: what is there is of another
    call('DEL', RING)
    call('HSET', PLACE, 'born', ARGV[3])
  end
  local oldest = math.max(first - tonumber(ARGV[4]) - MOST, 0)
  local entry = {'XADD', RING, 'MINID', '~', int(oldest), int(first) .. '-' .. ARGV[3]}
  for i = 1, #texts do
    entry[#entry + 1] = kind
    entry[#entry + 1] = texts[i]
  end
  local added = redis.pcall(unpack(entry))
  if type(added) == 'table' and added.err then -- somebody else wrote to the key
    call('DEL', RING)
    call(unpack(entry))
  end
end
