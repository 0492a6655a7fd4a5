-- Takes what became of a call that book_call.lua booked.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 own prefix  3 now, ms  4 job id or ''  5 token
--       6 resources, see limits_text.hpp  7 resource  8 answer key or ''
--       9 budget, see lib_budget.lua  10 profile  11 its end: answered, …, see
--       call_end in provider_call.hpp  12 the provider's words  13 ms that it
--       asks to wait, 0 = does not say  14 learned, JSON, '' = nothing new
--       15 answer, '' = none  16 ms to keep the answer, 0 = not  17 tokens
--       18 money, millionths
-- Returns: {'opened', 'closed' or '', ms until which it rests, rounds, bounds of
--   the budget of which 80 % or 100 % is used and nobody was told …}
-- include lib_fence.lua
local P, D, now, id, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local has_limits, resources, limit_max, limit_window = '1', ARGV[6], 0, 0
local resource, answer_key, budget = ARGV[7], ARGV[8], ARGV[9]
local profile, ended, words, asked = ARGV[10], ARGV[11], ARGV[12], tonumber(ARGV[13])
local learned, answer, keep_ms = ARGV[14], ARGV[15], tonumber(ARGV[16])
-- include lib_queue.lua
-- include lib_limits.lua
-- include lib_provider.lua
-- include lib_budget.lua
local FIRST_REST, LONGEST_REST = 30000, 900000 -- ms, of a provider that is not usable
local FIRST_PAUSE, SHORTEST_PAUSE = 10000, 1000 -- ms, of one that asks to wait
local LONGEST_WAY = 1000 -- ms from the booking of a call to the provider
local key = provider_key(profile)

-- A report whose answer was lost comes twice.
if call('HDEL', D .. 'calls:' .. resource, start_of(id, token)) == 0 then return {'', 0, 0} end
if id == '' and ended ~= 'adapted' then call('DEL', search_key(token)) end

-- The call keeps its place in the window under a name of its own, because the
-- run may make another one. The provider got it some time between its booking
-- and now; to count from now would slow down calls that take long.
local function keep_start(starts, booked)
  local limit = read_limits() and limits.limits[resource]
  if not limit then return end
  local latest = booked + math.min(limit[2] / 10, LONGEST_WAY)
  local at = math.max(booked, math.min(tonumber(now), latest))
  local calls = call('HGET', spent_key(), 'total.requests') or ''
  call('ZADD', starts, int(at), start_of(id, token) .. ':' .. now .. ':' .. calls)
  call('PEXPIRE', starts, int(limit[2] + 1000))
end

local starts = D .. 'starts:' .. resource
local booked = call('ZSCORE', starts, start_of(id, token))
call('ZREM', starts, start_of(id, token))
if ended == 'not_made' then
  spend(resource, {-1, 0, 0})
elseif booked then
  keep_start(starts, tonumber(booked))
end
if learned ~= '' then call('SET', D .. 'learned:' .. profile, learned, 'PX', PROFILE_MS) end
if answer_key ~= '' then
  local asking = D .. 'asking:' .. profile .. ':' .. answer_key
  if call('HGET', asking, 'token') == token and ended ~= 'adapted' and ended ~= 'bad_answer' then
    call('DEL', asking)
  end
  if answer ~= '' and keep_ms > 0 then
    call('SET', D .. 'answer:' .. profile .. ':' .. answer_key, answer, 'PX', int(keep_ms))
  end
end
spend(resource, {0, tonumber(ARGV[17]), tonumber(ARGV[18])})
local passed = notices(resource)
if ended == 'answered' then -- a provider that does not say costs next to nothing
  call('HSETNX', D .. 'dearest', resource .. '.tokens', '1')
  call('HSETNX', D .. 'dearest', resource .. '.money', '1')
end

local function reply(change, until_ms, rounds)
  local out = {change, until_ms or 0, rounds or 0}
  for _, notice in ipairs(passed) do out[#out + 1] = notice end
  return out
end

-- A whole refusal counts once, however many calls were under way: those that
-- began before the rest say nothing new.
local function rest()
  local h = call('HMGET', key, 'until', 'rounds')
  local led = stop_leading(profile)
  if h[1] and not led then return reply('', tonumber(h[1]), tonumber(h[2] or '1')) end
  local rounds = (tonumber(h[2] or '0')) + 1
  local span
  if ended == 'throttled' then
    span = asked > 0 and math.max(asked, SHORTEST_PAUSE) or FIRST_PAUSE * 2 ^ (rounds - 1)
  else
    span = math.max(asked, FIRST_REST * 2 ^ (rounds - 1))
  end
  span = math.min(span, LONGEST_REST)
  local until_ms = math.floor(tonumber(now) + span)
  call('HSET', key, 'until', int(until_ms), 'rounds', int(rounds), 'words', words)
  if not h[1] then call('HSET', key, 'since', now) end
  call('PEXPIRE', key, PROFILE_MS)
  return reply(h[1] and '' or 'opened', until_ms, rounds)
end

if ended == 'unusable' or ended == 'throttled' then return rest() end
if ended == 'adapted' then return reply('') end -- the same run goes on
if ended == 'transient' or ended == 'not_made' then
  -- A probe that fails otherwise decides nothing; the next one goes after the
  -- first rest, not at once. A search may have waited for less time than a job
  -- does.
  local until_ms = call('HGET', key, 'until')
  if stop_leading(profile) then
    if until_ms and ended == 'transient' and id ~= '' then
      call('HSET', key, 'until', int(tonumber(now) + FIRST_REST))
    else
      read_limits()
      end_rest(resource)
    end
  end
  return reply('')
end
-- It has answered: whoever waited for it goes on.
local was_resting = call('HGET', key, 'until')
local led = stop_leading(profile)
call('HSET', key, 'known', '1')
call('PEXPIRE', key, PROFILE_MS)
call('PEXPIRE', D .. 'profiles', PROFILE_MS)
if was_resting and led then
  call('HDEL', key, 'until', 'since', 'words', 'rounds')
end
if led then
  read_limits()
  end_rest(resource)
  wake_unless_blocked()
end
return reply(was_resting and led and 'closed' or '')
