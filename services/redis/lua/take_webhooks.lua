-- Takes calls of the webhook that are due. A call that is not settled in time,
-- because its process died, is due again afterwards.
-- KEYS: none
-- ARGV: 1 own prefix  2 now, ms  3 most calls  4 ms until they are due again
-- Returns: id, call (JSON), id, call, …
local D, now = ARGV[1], ARGV[2]
local out = {}
local due = redis.call('ZRANGEBYSCORE', D .. 'webhooks:due', '-inf', now, 'LIMIT', '0', ARGV[3])
for _, id in ipairs(due) do
  local call = redis.call('HGET', D .. 'webhooks', id)
  if call then
    redis.call('ZADD', D .. 'webhooks:due', string.format('%d', tonumber(now) + tonumber(ARGV[4])), id)
    out[#out + 1] = id
    out[#out + 1] = call
  else
    redis.call('ZREM', D .. 'webhooks:due', id)
  end
end
return out
