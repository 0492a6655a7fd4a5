-- Fragment: claims jobs for free slots. Needs lib_queue.lua, lib_limits.lua,
-- lib_aside.lua, and the locals D (own prefix), lock_ms, token, worker,
-- limit_max, limit_window.

-- How many starts the limits allow now and, if none, until when. There are two
-- records: our sliding window of starts, and BullMQ's counter, which Node
-- workers of a mixed fleet use.
local function allowance()
  local limit = queue_limit()
  if limit <= 0 then return nil, 0 end
  local window = queue_window()
  local used, ttl = number_of(redis.pcall('GET', P .. 'limiter')) or 0, call('PTTL', P .. 'limiter')
  if used >= limit and ttl > 0 then return 0, tonumber(now) + ttl, window end
  if ttl == 0 then call('DEL', P .. 'limiter') end
  if ttl <= 0 then used = 0 end
  local starts = D .. 'starts:queue'
  call('ZREMRANGEBYSCORE', starts, '-inf', int(tonumber(now) - window))
  local free = limit - math.max(used, call('ZCARD', starts))
  if free > 0 then return free, 0, window end
  local oldest = call('ZRANGE', starts, '0', '0', 'WITHSCORES')
  return 0, (tonumber(oldest[2]) or tonumber(now)) + window, window
end

local function record_starts(ids, window)
  if #ids == 0 then return end
  local starts, entries = D .. 'starts:queue', {}
  for i = 1, #ids do
    entries[2 * i - 1] = now
    entries[2 * i] = ids[i]
  end
  call('ZADD', starts, unpack(entries))
  call('PEXPIRE', starts, int(window + 1000))
  local used = redis.pcall('INCRBY', P .. 'limiter', #ids)
  if used == #ids then
    call('PEXPIRE', P .. 'limiter', int(window))
  elseif type(used) == 'table' then -- a stranger put something else there
    call('SET', P .. 'limiter', #ids, 'PX', int(window))
  end
end

-- Moves up to `want` ids from the line to `active`.
local function pop(want)
  local ids, dropped = {}, 0
  repeat -- legacy markers of old BullMQ begin with "0:": pop again for them
    dropped = 0
    for _, id in ipairs(call('RPOP', WAIT, int(want - #ids)) or {}) do
      if string.sub(id, 1, 2) == '0:' then dropped = dropped + 1
      else ids[#ids + 1] = id end
    end
  until dropped == 0
  if #ids < want then
    local ranked = call('ZPOPMIN', PRIORITIZED, int(want - #ids))
    for i = 1, #ranked, 2 do ids[#ids + 1] = ranked[i] end
    if #ranked == 0 then call('DEL', P .. 'pc') end
  end
  if #ids > 0 then call('LPUSH', ACTIVE, unpack(ids)) end
  return ids
end

-- The fields of a job. If the id is not a job (see lib_job.lua), returns nil
-- and drops the id, so that it blocks nobody.
local function read(id)
  local h = fields_of(id, 'name', 'data', 'opts', 'timestamp', 'ats', 'atm',
    'priority', 'defa', 'drLost', 'drCodecDeaths')
  if not h[4] and not h[5] then
    call('LREM', ACTIVE, '1', id)
    return nil
  end
  return h
end

local most_starts = 2147483647 -- more than a job has; runs are known by 32 bits

-- Locks a job and marks it as started.
local function start(id, h)
  local key = P .. id
  local starts = number_of(h[5]) or 0
  if starts < 0 or starts >= most_starts then starts = 0 end
  h[5] = int(starts + 1)
  if string.sub(id, 1, 7) == 'repeat:' then h[11] = call('HGET', key, 'rjk') end
  call('SET', key .. ':lock', token, 'PX', lock_ms)
  tell('active', 'jobId', id, 'prev', 'waiting')
  if worker ~= '' then
    call('HSET', key, 'processedOn', now, 'ats', h[5], 'pb', worker)
  else
    call('HSET', key, 'processedOn', now, 'ats', h[5])
  end
end

local max_postponed = 100 -- jobs per call that wait for a resource or a slot

-- Starts a job that is in `active` if it may start now. Otherwise moves it to
-- `delayed`, and notes its name if no slot can take it.
local function try_start(id, fields, aside)
  local name, slot = fields[1] or '', nil
  if groups then
    slot = slot_for(name, fields[8])
    if not slot then
      set_aside(id, name, number_of(fields[7]) or 0)
      aside[name] = true
      return false
    end
  end
  if not may_start(id) then return false end
  if slot then slot[1] = slot[1] - 1 end
  start(id, fields)
  return true
end

-- Claims up to `want` jobs and appends them to `reply` as id, fields, … The
-- first fields of `reply` are: [2] next due time of a delayed job or 0, [3]
-- limited until or 0, [4] number of ids dropped because they name no job, [5]
-- names of jobs that were set aside because no slot takes them, or 0; [6] jobs
-- that still wait after a claim of any.
local function claim(want, reply)
  promote_due()
  local free, limited_until, window = allowance()
  local wanted = want
  if free then want = math.min(want, free) end
  -- Claims again after at most 30 s, because a client may lift its limit.
  reply[3] = math.min(limited_until, tonumber(now) + 30000)
  if meta[1] then want = 0 end
  if meta[2] then
    want = math.min(want, math.max(0, math.ceil(meta[2] - call('LLEN', ACTIVE))))
  end
  local counted, taken, postponed, ids, aside = {}, 0, 0, {}, {}
  repeat
    ids = want > taken and (pop_aside() or pop(want - taken)) or {}
    for i = 1, #ids do
      local fields = read(ids[i])
      local good, started = true, nil
      if fields then good, started = pcall(try_start, ids[i], fields, aside) end
      if not fields then
        reply[4] = reply[4] + 1
        taken = taken + 1
      elseif not good then
        -- Only this job: an error would leave the whole batch in `active`.
        call('LREM', ACTIVE, '1', ids[i])
        call('DEL', P .. ids[i] .. ':lock')
        give_up({id = ids[i]}, started)
        taken = taken + 1
      elseif not started then
        postponed = postponed + 1
      else
        taken = taken + 1
        reply[#reply + 1] = ids[i]
        reply[#reply + 1] = fields
        if not fields[8] then
          -- The entry includes the time, since an id may be removed, added and
          -- started again.
          counted[#counted + 1] = ids[i] .. ':' .. fields[5] .. ':' .. now
        end
      end
    end
    -- A waiting job must not block the ones behind it, so the loop continues.
  until #ids == 0 or taken == want or postponed >= max_postponed
  local names = {}
  for name in pairs(aside) do names[#names + 1] = name end
  if #names > 0 then reply[5] = names end
  if free then record_starts(counted, window) end
  if taken > 0 then
    reply[6] = call('LLEN', WAIT)
      + call('ZCOUNT', PRIORITIZED, '-inf', string.format('(%.0f', BACKGROUND * 4294967296))
  end
  -- A full claim may have left jobs behind, so this passes the wake-up on.
  if taken > 0 and taken == want or postponed >= max_postponed then wake() end
  if taken < wanted then
    local first = call('ZRANGE', DELAYED, '0', '0', 'WITHSCORES')
    if first[2] then
      reply[2] = due_of(first[2]) + offer_time(first[1])
    end
  end
  return taken
end
