-- Takes or renews the lease of the active main node.
--   D main          string: the name of the holder; expires
--   D mains         how many times the lease was taken: the newest fence
--   D fence:<n>     exists while that holder is active (lib_fence.lua). Expires
--                   after an hour, so that none is left if nobody follows a
--                   holder. That is longer than the lease, so a holder that
--                   returns before anybody else keeps its fence
-- KEYS: none
-- ARGV: 1 own prefix "darkroom:bull:<queue>:"  2 the taker  3 duration, ms
--       4 its fence if it held the lease before, else 0
--       5 a holder that has died, or ''
-- Returns: {fence, or 0 if another main node holds it; holder; ms left}
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
  -- Both also work when memory is full.
  call('PEXPIRE', D .. 'main', duration)
  call('PEXPIRE', name(fence), string.format('%d', keep))
  return {fence, taker, tonumber(duration)}
end
if fence > 0 then
  -- The lease expired while Redis was down, or Redis lost it. It can be taken
  -- again only if nobody else has held it since.
  if newest > fence then return {0, holder or '', 0} end
else
  fence = newest + 1
end
if newest ~= fence then call('DEL', name(newest)) end
call('SET', D .. 'main', taker, 'PX', duration)
call('SET', D .. 'mains', string.format('%d', fence))
call('SET', name(fence), '1', 'PX', string.format('%d', keep))
return {fence, taker, tonumber(duration)}
