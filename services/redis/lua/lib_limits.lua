-- Fragment: named resource limits. Needs lib_queue.lua and the locals D (own
-- prefix), has_limits ('1' or '0') and resources (JSON, see limits_text.hpp).
-- Records: docs/rate-limits.md.
--   D starts:<resource>  zset: starts within the window, score = ms
--   D turns:<resource>   zset: ids that were promised a start, score = its ms
--   D paused             hash: resource -> ms until which its provider asked us
--                        to leave it alone
local limits, pauses -- limits is false where none is in force

local function read_limits()
  if limits ~= nil then return limits end
  limits = false
  if resources == '' then return limits end
  local stored = call('HGETALL', D .. 'paused')
  if #stored == 0 and has_limits ~= '1' then return limits end
  pauses = {}
  for i = 1, #stored, 2 do pauses[stored[i]] = tonumber(stored[i + 1]) end
  limits = cjson.decode(resources)
  return limits
end

-- Forgets promises to jobs that ran elsewhere or were removed meanwhile.
local function drop_stale(turns)
  local old = call('ZRANGEBYSCORE', turns, '-inf', int(tonumber(now) - 1000), 'LIMIT', '0', '10')
  for i = 1, #old do
    local key = P .. old[i]
    local job = call('HMGET', key, 'drTurn', 'finishedOn')
    if not job[1] or job[2] or call('EXISTS', key .. ':lock') == 1 then
      call('ZREM', turns, old[i])
    end
  end
end

-- The earliest time, in ms, at which the job may use the resource. Whoever has
-- a promise keeps it; others come behind all promises, which makes it FIFO.
local function turn_at(resource, id)
  local at = math.max(tonumber(now), pauses[resource] or 0)
  local limit = limits.limits[resource]
  if not limit then return at end
  local max, window = limit[1], limit[2]
  local starts, turns = D .. 'starts:' .. resource, D .. 'turns:' .. resource
  call('ZREMRANGEBYSCORE', starts, '-inf', '(' .. int(tonumber(now) - window))
  local used = call('ZCARD', starts)
  local function start_of(list, index)
    return tonumber(call('ZRANGE', list, int(index), int(index), 'WITHSCORES')[2])
  end
  local promised = tonumber(call('ZSCORE', turns, id) or '')
  if promised then
    -- The starts before it may have been late.
    if used >= max then at = math.max(at, start_of(starts, used - max) + window + 1) end
    return math.max(at, promised)
  end
  drop_stale(turns)
  local waiting = call('ZCARD', turns)
  if waiting > 0 then at = math.max(at, start_of(turns, -1)) end
  local leaver = used + waiting - max -- its start must have left the window
  if leaver >= used then
    at = math.max(at, math.max(start_of(turns, leaver - used), tonumber(now)) + window + 1)
  elseif leaver >= 0 then
    at = math.max(at, start_of(starts, leaver) + window + 1)
  end
  return at
end

-- Books the start of an active job in the records of its resources. Where one
-- of them has to wait, the job is promised a time and goes to `delayed`.
-- @returns whether it may start now
local function may_start(id)
  if not read_limits() then return true end
  local job = call('HMGET', P .. id, 'name', 'defa', 'ats')
  local used = job[1] and not job[2] and limits.jobs[job[1]]
  if not used then return true end
  local at = tonumber(now)
  for _, resource in ipairs(used) do at = math.max(at, turn_at(resource, id)) end
  local waits = at > tonumber(now)
  for _, resource in ipairs(used) do
    local limit, starts = limits.limits[resource], D .. 'starts:' .. resource
    if limit and waits then
      call('ZADD', D .. 'turns:' .. resource, int(at), id)
    elseif limit then
      call('ZADD', starts, now, id .. ':' .. (job[3] or '0') .. ':' .. now)
      call('PEXPIRE', starts, int(limit[2] + 1000))
      call('ZREM', D .. 'turns:' .. resource, id)
    end
  end
  if not waits then
    call('HDEL', P .. id, 'drTurn')
    return true
  end
  call('LREM', ACTIVE, '1', id)
  call('HSET', P .. id, 'delay', int(at - tonumber(now)), 'drTurn', '1')
  delay_until(id, at)
  return false
end

-- A provider asked to wait: nobody in the cluster uses the job's resources
-- until then, and the job itself is the first to go on.
local function pause_resources(id, until_ms)
  local known = resources ~= '' and cjson.decode(resources)
  local used = known and known.jobs[call('HGET', P .. id, 'name') or '']
  if not used then return end
  local key = D .. 'paused'
  for _, resource in ipairs(used) do
    local stored = tonumber(call('HGET', key, resource) or '0')
    call('HSET', key, resource, int(math.max(stored, until_ms)))
    if known.limits[resource] then call('ZADD', D .. 'turns:' .. resource, int(until_ms), id) end
  end
  if call('PTTL', key) < until_ms - tonumber(now) then
    call('PEXPIRE', key, int(until_ms - tonumber(now)))
  end
  call('HSET', P .. id, 'drTurn', '1')
end
