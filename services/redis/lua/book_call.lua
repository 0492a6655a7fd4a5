-- Books a call to a provider, for a running job or a search, or finds the
-- answer. What counts for a limit is the time of the call, not the time when the
-- job was taken, so this moves the start that the claim booked.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 own prefix  3 now, ms  4 job id, '' = a
--       search  5 token  6 resources, see limits_text.hpp  7 resource  8 answer
--       key or ''  9 budget, see lib_budget.lua  10… profiles, the preferred
--       first; an empty one is a local model
-- Returns: {ms to wait, place of the profile from 0, learned, answer, why, 1 if
--   all providers rest or the budget is spent}. 0 ms: call now, or take the
--   answer; > 0: the booked start is given up; -1: another worker has the lock.
--   An error if nobody has it: ask again later.
-- include lib_fence.lua
local P, D, now, id, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local has_limits, resources, limit_max, limit_window = '1', ARGV[6], 0, 0
local resource, answer_key, budget = ARGV[7], ARGV[8], ARGV[9]
-- include lib_queue.lua
-- include lib_limits.lua
-- include lib_provider.lua
-- include lib_budget.lua
if id ~= '' then
  local owner = lock_of(id)
  if owner and owner ~= token then return {-1, 0, '', '', ''} end
  -- The lock expired while Redis was down. The next renewal takes it back, or
  -- stops the run.
  if not owner then return redis.error_reply('LOCK the lock of job ' .. id .. ' has expired') end
end
read_limits()
local limit = limits and limits.limits[resource]
local starts, mine = D .. 'starts:' .. resource, start_of(id, token)
if limit then call('ZREM', starts, mine) end

-- How long the resource's limit allows no call, in ms.
local function limit_wait()
  if not limit then return 0 end
  call('ZREMRANGEBYSCORE', starts, '-inf', '(' .. int(tonumber(now) - limit[2]))
  local leaver = call('ZCARD', starts) - limit[1]
  if leaver < 0 then return 0 end
  local start = call('ZRANGE', starts, int(leaver), int(leaver), 'WITHSCORES')[2]
  return math.max(0, tonumber(start) + limit[2] + 1 - tonumber(now))
end

-- An answer that is known, or how long another run still asks for it.
local function find_answer(profile)
  if answer_key == '' then return end
  local found = call('GET', D .. 'answer:' .. profile .. ':' .. answer_key)
  if found then return found end
  local asking = call('HMGET', D .. 'asking:' .. profile .. ':' .. answer_key, 'job', 'token')
  if asking[1] ~= id and runs(asking[1], asking[2]) then return nil, SHARED end
end

local function book(profile, leads)
  if id == '' then call('SET', search_key(token), '1', 'PX', SEARCH_MS) end
  if leads then lead(profile) end
  if limit then
    call('ZADD', starts, now, mine)
    call('PEXPIRE', starts, int(limit[2] + 1000))
  end
  if answer_key ~= '' then
    local key = D .. 'asking:' .. profile .. ':' .. answer_key
    call('HSET', key, 'job', id, 'token', token)
    call('PEXPIRE', key, CALL_MS)
  end
  -- An answer that came too late is asked for again, which is still one call.
  local is_new = call('HSET', D .. 'calls:' .. resource, mine, int(#id)) == 1
  call('PEXPIRE', D .. 'calls:' .. resource, CALL_MS)
  call('HSET', D .. 'profiles', profile, resource)
  call('PEXPIRE', D .. 'profiles', PROFILE_MS)
  if is_new then spend(resource, {1, 0, 0}) end
end

-- Who has to wait longer than this gives up the job's slot. The twin of
-- `patience` in actors/main_desk.cpp.
local PATIENCE = 10000 -- ms

-- A wait for which the job gives up its slot holds up the whole resource: set
-- here and not when that run ends, because the wait may be over by then. A
-- search does not wait.
local function hold_up(wait, why)
  if id ~= '' then pause(resource, tonumber(now) + wait, why) end
end

local least, least_why, is_short = nil, '', false
for place = 10, #ARGV do
  local profile = ARGV[place]
  if profile == '' then
    if not is_short or budget['local'] then return {0, place - 10, '', '', ''} end
  else
    local answer, shared = find_answer(profile)
    if answer then return {0, place - 10, '', answer, ''} end
    local wait, why = rest_of(profile)
    local leads = wait == 0 and why
    if wait == 0 and shared then return {shared, 0, '', '', 'another job asks about the same'} end
    if wait == 0 then
      wait, why = budget_wait(resource)
      is_short = wait > SHARED
    end
    if wait == 0 then
      wait = limit_wait()
      if wait > 0 then
        why = 'the limit of ' .. resource .. ' is reached'
        if wait > PATIENCE then hold_up(wait, why) end
        return {wait, 0, '', '', why}
      end
      book(profile, leads)
      return {0, place - 10, call('GET', D .. 'learned:' .. profile) or '', '', ''}
    end
    if not least or wait < least then least, least_why = wait, why end
  end
end
local rests = least and least > SHARED
if rests then hold_up(least, least_why) end
return {least or 1000, 0, '', '', least_why, rests and 1 or 0}
