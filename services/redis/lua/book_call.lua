-- Books a running job's call to a limited provider. What counts is the time of
-- the call, not the time when the job was taken, so this moves the start that
-- the claim booked.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 own prefix  3 now, ms  4 job id  5 token
--       6 resources, see limits_text.hpp
-- Returns: 0 call now; > 0 ms to wait, and the booked start is given up; -1
--   another worker has the lock. An error if nobody has it: ask again later.
-- include lib_fence.lua
local P, D, now, id, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local has_limits, resources, limit_max, limit_window = '1', ARGV[6], 0, 0
-- include lib_queue.lua
-- include lib_limits.lua
local owner = lock_of(id)
if owner and owner ~= token then return -1 end
-- The lock expired while Redis was down. The next renewal takes it back, or
-- stops the run.
if not owner then return redis.error_reply('LOCK the lock of job ' .. id .. ' has expired') end
read_limits()
local used = limits and limits.jobs[fields_of(id, 'name')[1] or ''] or {}
local at = tonumber(now)
for _, resource in ipairs(used) do
  at = math.max(at, pauses[resource] or 0)
  local limit, starts = limits.limits[resource], D .. 'starts:' .. resource
  if limit then
    call('ZREM', starts, start_of(id, token))
    call('ZREMRANGEBYSCORE', starts, '-inf', '(' .. int(tonumber(now) - limit[2]))
    local leaver = call('ZCARD', starts) - limit[1]
    if leaver >= 0 then
      local start = call('ZRANGE', starts, int(leaver), int(leaver), 'WITHSCORES')[2]
      at = math.max(at, tonumber(start) + limit[2] + 1)
    end
  end
end
if at > tonumber(now) then return at - tonumber(now) end
for _, resource in ipairs(used) do
  local limit, starts = limits.limits[resource], D .. 'starts:' .. resource
  if limit then
    call('ZADD', starts, now, start_of(id, token))
    call('PEXPIRE', starts, int(limit[2] + 1000))
  end
end
return 0
