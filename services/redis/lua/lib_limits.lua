-- Fragment: limits. Needs lib_queue.lua and the locals D (own prefix),
-- limit_max and limit_window (of the queue; 0 = none; ms), token (of the locks),
-- has_limits ('1' or '0') and resources (JSON, see limits_text.hpp).
-- Records: docs/rate-limits.md.
--   D starts:<resource>  zset: starts and calls within the window, score = ms
--   D turns:<resource>   zset: ids that were promised a start (their time in
--                        `delayed`), in the order in which they go
--   D overrides          hash: <setting> -> "starts window" or a bound, which
--                        people changed (limit_overrides.hpp)
--   D paused             hash: resource -> ms until which no provider of it
--                        takes calls (lib_provider.lua); and <resource>:why ->
--                        the reason, for people

-- How many starts a window allows; 0 = no limit. The queue's own number comes
-- first. Fractions count like in BullMQ's script: below 1 is one job, 2.5 is
-- three.
local function queue_limit()
  return meta[3] and math.max(1, math.ceil(meta[3])) or limit_max
end

-- The window of the queue's limit, in ms. A process without a limit of its own
-- uses the queue's. A start leaves the window when it is over, like in BullMQ's
-- counter; at a resource, it leaves one millisecond later.
local function queue_window()
  return limit_max > 0 and limit_window > 0 and limit_window
    or meta[4] and math.floor(math.abs(meta[4])) or 1000
end

-- What people changed while Darkroom runs: setting -> text.
local stored_overrides
local function overrides()
  if stored_overrides then return stored_overrides end
  stored_overrides = {}
  local pairs_of = call('HGETALL', D .. 'overrides')
  for i = 1, #pairs_of, 2 do stored_overrides[pairs_of[i]] = pairs_of[i + 1] end
  return stored_overrides
end

local limits, pauses -- limits is false if none is in force

local function override_limits()
  for setting, text in pairs(overrides()) do
    local resource, max, window = string.match(setting .. '=' .. text, '^limits%.(%w+)=(%d+) (%d+)$')
    if resource then
      limits.limits[resource] = tonumber(max) > 0
        and {tonumber(max), tonumber(window) + limits.slack} or nil
    end
  end
end

local function read_limits()
  if limits ~= nil then return limits end
  limits = false
  if resources == '' then return limits end
  local stored = call('HGETALL', D .. 'paused')
  if #stored == 0 and has_limits ~= '1' and not next(overrides()) then return limits end
  pauses = {}
  for i = 1, #stored, 2 do pauses[stored[i]] = tonumber(stored[i + 1]) end
  limits = cjson.decode(resources)
  override_limits()
  return limits
end

-- Whether the promise to a job is void, because it ran elsewhere, was moved or
-- removed. Its field drTurn has the promised ms, or 0 once the job is in line
-- for its promised start.
local function is_stale(id)
  local job = fields_of(id, 'drTurn', 'finishedOn')
  if not job[1] or job[2] or call('EXISTS', P .. id .. ':lock') == 1 then return true end
  if job[1] == '0' then return false end
  local score = call('ZSCORE', DELAYED, id)
  return not score or math.floor(score / 4096) ~= tonumber(job[1])
end

-- The start that a job was promised, in ms; nil if the job is already in line.
local function promise_to(id)
  local score = call('ZSCORE', DELAYED, id)
  return score and math.floor(score / 4096)
end

-- How many jobs are before this one at the resource, and the id of the last
-- one.
local function jobs_before(turns, id)
  local rank = call('ZRANK', turns, id) or call('ZCARD', turns)
  while rank > 0 do
    local last = call('ZRANGE', turns, int(rank - 1), int(rank - 1))[1]
    if not is_stale(last) then return rank, last end
    call('ZREM', turns, last)
    rank = rank - 1
  end
  return 0
end

-- The earliest time, in ms, at which the job may use the resource. A job never
-- starts before those that were promised a start earlier.
local function turn_at(resource, id)
  local at = math.max(tonumber(now), pauses[resource] or 0)
  local limit = limits.limits[resource]
  if not limit then return at end
  local max, window = limit[1], limit[2]
  local starts, turns = D .. 'starts:' .. resource, D .. 'turns:' .. resource
  call('ZREMRANGEBYSCORE', starts, '-inf', '(' .. int(tonumber(now) - window))
  local used = call('ZCARD', starts)
  local before, last = jobs_before(turns, id)
  -- If the last job before this one is already in line, this one waits a
  -- little: the more jobs are before it, the longer, so that claims reach those
  -- first.
  if last then at = math.max(at, promise_to(last) or tonumber(now) + 1 + before) end
  local leaver = used + before - max -- whose start must leave the window
  if leaver >= used then
    local other = call('ZRANGE', turns, int(leaver - used), int(leaver - used))[1]
    at = math.max(at, math.max(promise_to(other) or 0, tonumber(now)) + window + 1)
  elseif leaver >= 0 then
    local start = call('ZRANGE', starts, int(leaver), int(leaver), 'WITHSCORES')[2]
    at = math.max(at, tonumber(start) + window + 1)
  end
  return at
end

-- Gives the job a place at the resource: behind all other jobs, or before them.
-- At a resource without a limit, the places only say which jobs the end of a rest
-- wakes.
local function queue_up(resource, id, is_first)
  local turns = D .. 'turns:' .. resource
  if is_first then
    local first = call('ZRANGE', turns, '0', '0', 'WITHSCORES')[2] or '0'
    call('ZADD', turns, int(first - 1), id)
  elseif not call('ZSCORE', turns, id) then
    local last = call('ZRANGE', turns, '-1', '-1', 'WITHSCORES')[2] or '0'
    call('ZADD', turns, int(last + 1), id)
  end
end

-- The entry of a start in the records, until the run's call has ended. The token
-- makes it unique per run.
local function start_of(id, owner) return id .. ':' .. owner end

-- Books the start of an active job in the records of its resources. If the job
-- has to wait for one of them, it is promised a time and moved to `delayed`.
-- @returns whether it may start now
local function may_start(id)
  if not read_limits() then return true end
  local job = call('HMGET', P .. id, 'name', 'defa')
  local used = job[1] and not job[2] and limits.jobs[job[1]]
  if not used then return true end
  local at = tonumber(now)
  for _, resource in ipairs(used) do at = math.max(at, turn_at(resource, id)) end
  local waits = at > tonumber(now)
  for _, resource in ipairs(used) do
    local limit, starts = limits.limits[resource], D .. 'starts:' .. resource
    if waits then
      queue_up(resource, id, false)
    else
      if limit then
        call('ZADD', starts, now, start_of(id, token))
        call('PEXPIRE', starts, int(limit[2] + 1000))
      end
      call('ZREM', D .. 'turns:' .. resource, id)
    end
  end
  if not waits then
    call('HDEL', P .. id, 'drTurn')
    return true
  end
  call('LREM', ACTIVE, '1', id)
  call('HSET', P .. id, 'delay', int(at - tonumber(now)), 'drTurn', int(at))
  delay_until(id, at)
  return false
end

-- Nobody in the cluster uses the resource until then.
local function pause(resource, until_ms, why)
  local key = D .. 'paused'
  local stored = tonumber(call('HGET', key, resource) or '0')
  call('HSET', key, resource, int(math.max(stored, until_ms)), resource .. ':why', why)
  if call('PTTL', key) < until_ms - tonumber(now) then
    call('PEXPIRE', key, int(until_ms - tonumber(now)))
  end
end

-- A job gives up its slot because its resource is paused. It is the first to go
-- on when the pause ends; if that has happened while its run ended, after a
-- second at most.
-- @returns when, in ms
local function wait_for_pause(id, delay)
  local known = resources ~= '' and cjson.decode(resources)
  local used = known and known.jobs[call('HGET', P .. id, 'name') or '']
  if not used then return tonumber(now) + delay end
  local at = 0
  for _, resource in ipairs(used) do
    at = math.max(at, tonumber(call('HGET', D .. 'paused', resource) or '0'))
    queue_up(resource, id, true)
  end
  if at <= tonumber(now) then at = tonumber(now) + math.min(delay, 1000) end
  call('HSET', P .. id, 'drTurn', int(at))
  return at
end

-- Ends the wait of jobs for a resource, because a provider takes calls again, or
-- may be another one now. At most 5000 jobs, in their order; the others start at
-- the time that they were promised.
local function end_rest(resource)
  local turns = D .. 'turns:' .. resource
  call('HDEL', D .. 'paused', resource, resource .. ':why')
  local waiting = call('ZRANGE', turns, '0', '4999')
  for _, id in ipairs(waiting) do
    if not is_stale(id) and call('ZSCORE', DELAYED, id) then
      call('HSET', P .. id, 'drTurn', now)
      delay_until(id, tonumber(now))
    end
  end
  if not limits or not limits.limits[resource] then
    for _, id in ipairs(waiting) do call('ZREM', turns, id) end
  end
end
