-- Fragment, first of all: refuses what a main node wants that is not the
-- active one any more. KEYS[1], if given, is there as long as it is
-- (take_lease.lua).
if KEYS[1] and redis.call('EXISTS', KEYS[1]) == 0 then
  return redis.error_reply('FENCED another main node is active: ' .. KEYS[1] .. ' is gone')
end
