-- Fragment, always the first one: refuses the call of a main node that is no
-- longer active. KEYS[1], if given, exists as long as that main node is the
-- active one (take_lease.lua).
if KEYS[1] and redis.call('EXISTS', KEYS[1]) == 0 then
  return redis.error_reply('FENCED another main node is active: ' .. KEYS[1] .. ' is gone')
end
