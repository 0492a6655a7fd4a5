-- Takes or renews the lease of the active main node.
--   D main          string: the holder, as it calls itself; expires
--   D mains         how many times the lease was taken: the newest fence
--   D fence:<n>     there while that holder is active: lib_fence.lua; expires
--                   after an hour, so that none stays of a holder that nobody
--                   followed. Longer than the lease: a holder that comes back
--                   before anybody else goes on as if nothing had been
-- KEYS: none
-- ARGV: 1 own prefix "darkroom:bull:<queue>:"  2 the taker  3 duration, ms
--       4 its fence if it held the lease before, else 0
--       5 a holder that has died, or ''
-- Returns: {fence or 0 where another holds it, holder, ms left}
local D, taker, duration = ARGV[1], ARGV[2], ARGV[3]
local fence, dead = tonumber(ARGV[4]), ARGV[5]
local call = redis.call
local holder = call('GET', D .. 'main')
local newest = tonumber(call('GET', D .. 'mains') or '0')
local keep = math.max(20 * tonumber(duration), 3600000) -- ms
local function name(number) return D .. 'fence:' .. string.format('%d', number) end
if holder and holder ~= taker and holder ~= dead then
  return {0, holder, call('PTTL', D .. 'main')}
end
if holder == taker and fence > 0 and newest == fence
    and call('EXISTS', name(fence)) == 1 then
  -- Both are done also where memory is full.
  call('PEXPIRE', D .. 'main', duration)
  call('PEXPIRE', name(fence), string.format('%d', keep))
  return {fence, taker, tonumber(duration)}
end
if fence > 0 then
  -- It ran out while Redis was away, or Redis has forgotten it. Nobody else may
  -- have held it since.
  if newest > fence then return {0, holder or '', 0} end
else
  fence = newest + 1
end
if newest ~= fence then call('DEL', name(newest)) end
call('SET', D .. 'main', taker, 'PX', duration)
call('SET', D .. 'mains', string.format('%d', fence))
call('SET', name(fence), '1', 'PX', string.format('%d', keep))
return {fence, taker, tonumber(duration)}
