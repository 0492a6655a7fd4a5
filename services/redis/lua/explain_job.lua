-- Says where a job is and what it waits for. Changes only records that are out
-- of date.
-- KEYS: none
-- ARGV: 1 prefix "bull:<queue>:"  2 own prefix  3 now, ms  4 job id
--       5 limit: starts per window, 0 = none  6 window, ms
--       7 '1' if a resource has a limit  8 resources, see limits_text.hpp
--       5 to 8 hold only if no process that starts jobs has told its own
--       (job_queue::tell_limits)
-- Returns: nil if there is no such job, else JSON: {state, aside (the job's name,
--   if it waits for a node that runs such jobs), ahead (jobs before
--   it), due (ms), earliest (ms), paused, active, concurrency, limit,
--   resources: {name: {max, window, used, waiting, promised, pausedUntil, pausedWhy}}}
local P, D, now = ARGV[1], ARGV[2], ARGV[3]
local limit_max, limit_window = tonumber(ARGV[5]), tonumber(ARGV[6])
local has_limits, resources = ARGV[7], ARGV[8]
local told = redis.call('GET', D .. 'limits')
if told then
  told = cjson.decode(told)
  limit_max, limit_window = told.max, told.window
  has_limits, resources = told.hasResources and '1' or '0', told.resources
end
-- include lib_queue.lua
-- include lib_limits.lua
-- include lib_job.lua
local id = ARGV[4]
if not is_job(id) then return false end
local name = call('HGET', P .. id, 'name') or ''

local function place()
  for _, list in ipairs({'wait', 'paused'}) do
    local at = call('LPOS', P .. list, id)
    if at then return 'waiting', call('LLEN', P .. list) - 1 - at end
  end
  if call('LPOS', ACTIVE, id) then return 'active' end
  local rank = call('ZRANK', PRIORITIZED, id)
  if rank then return 'prioritized', call('LLEN', LINE) + rank end
  local due = call('ZSCORE', DELAYED, id)
  if due then return 'delayed', nil, due_of(due) end
  for _, set in ipairs({'completed', 'failed', 'waiting-children'}) do
    if call('ZSCORE', P .. set, id) then return set end
  end
  return 'unknown'
end

-- When the queue's own limit lets a job start that has `ahead` jobs before it:
-- as soon as the start `most` places before its own has left the window.
local function limited_start(ahead, most)
  local list, window, rounds = D .. 'starts:queue', queue_window(), 0
  local used = call('ZCOUNT', list, '(' .. int(tonumber(now) - window), '+inf')
  local leaver = used + ahead - most
  if leaver >= used then rounds = math.floor((leaver - used) / most) + 1 end
  leaver = leaver - rounds * most
  if leaver < 0 then return tonumber(now) + rounds * window end
  local place = int(used - 1 - leaver)
  local start = call('ZREVRANGE', list, place, place, 'WITHSCORES')[2]
  return tonumber(start) + (rounds + 1) * window
end

local state, ahead, due = place()
local out = {state = state, ahead = ahead, due = due, paused = meta[1] and true or false,
  active = call('LLEN', ACTIVE), concurrency = meta[2], resources = {}}
if due and call('HGET', P .. id, 'drAside') == int(due) then out.aside = name end
local most = queue_limit()
local earliest = math.max(tonumber(now), due or 0)
if most > 0 then
  out.limit = most
  if ahead then earliest = math.max(earliest, limited_start(ahead, most)) end
end
if resources ~= '' and (ahead or due) then
  read_limits()
  local known = limits or cjson.decode(resources)
  pauses = pauses or {}
  for _, resource in ipairs(known.jobs[name] or {}) do
    local limit = known.limits[resource] or {}
    out.resources[resource] = {max = limit[1], window = limit[2],
      used = limit[2] and call('ZCOUNT', D .. 'starts:' .. resource, int(tonumber(now) - limit[2]), '+inf'),
      waiting = call('ZCARD', D .. 'turns:' .. resource),
      promised = call('ZSCORE', D .. 'turns:' .. resource, id) and due or nil,
      pausedUntil = pauses[resource],
      pausedWhy = call('HGET', D .. 'paused', resource .. ':why') or nil}
    if limits then earliest = math.max(earliest, turn_at(resource, id)) end
  end
end
if ahead or due then out.earliest = earliest end
return cjson.encode(out)
