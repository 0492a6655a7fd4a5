-- Fragment: what calls may cost a day. Needs lib_provider.lua, lib_limits.lua and
-- the local
-- budget: JSON {day, ends (ms), local (use a local model when it is spent),
-- most: {<resource> or total: [requests, tokens, money]}}, where money is in
-- millionths and 0 means no bound.
local KINDS = {'requests', 'tokens', 'money'}
local SPENT_MS = int(8 * DAY_MS) -- a week to look back on, and today
local CALL_MS = int(7200000) -- longer than any call may take
budget = cjson.decode(budget)
for scope, most in pairs(budget.most) do
  for k, kind in ipairs(KINDS) do
    local setting = 'budget.' .. (scope == 'total' and '' or scope .. '_') .. kind
    most[k] = tonumber(overrides()[setting]) or most[k]
  end
end

local function spent_key() return D .. 'spent:' .. budget.day end

-- The calls that are under way at a resource, without those of runs that have
-- lost their job.
local function under_way(resource)
  local calls, count = call('HGETALL', D .. 'calls:' .. resource), 0
  for i = 1, #calls, 2 do
    local length = tonumber(calls[i + 1])
    if runs(string.sub(calls[i], 1, length), string.sub(calls[i], length + 2)) then
      count = count + 1
    else
      call('HDEL', D .. 'calls:' .. resource, calls[i])
    end
  end
  return count
end

-- What calls under way at these resources will have cost, if each is as dear as
-- the dearest so far; nil while no call has shown what one costs.
local function expected(kind, parts)
  local sum = 0
  for _, resource in ipairs(parts) do
    local count = under_way(resource)
    local dearest = tonumber(call('HGET', D .. 'dearest', resource .. '.' .. kind) or '0')
    if count > 0 and dearest == 0 then return nil end
    sum = sum + dearest * count
  end
  return sum
end

-- The kind of which one more call may exceed what the scope has left; UNSURE if
-- a call under way has to show it first; else nil.
local UNSURE = {}
local function lacking(scope, parts)
  local most = budget.most[scope] or {0, 0, 0}
  for k, kind in ipairs(KINDS) do
    if most[k] > 0 then
      local used = tonumber(call('HGET', spent_key(), scope .. '.' .. kind) or '0')
      local more = kind == 'requests' and 0 or expected(kind, parts)
      if not more then return UNSURE end
      if used + more >= most[k] then return kind end
    end
  end
end

-- How long the budget allows no call, in ms, and why; 0: it does.
local function budget_wait(resource)
  for _, scope in ipairs({resource, 'total'}) do
    local parts = scope == 'total' and {'vision', 'embedding'} or {scope}
    local kind = lacking(scope, parts)
    if kind == UNSURE then return SHARED, 'the first call shows what one costs' end
    if kind then
      return math.max(1, budget.ends - tonumber(now)), "today's budget has no " .. kind
        .. ' left for ' .. (scope == 'total' and 'all resources' or scope)
    end
  end
  return 0
end

-- Adds what a call took.
local function spend(resource, amounts)
  for k, kind in ipairs(KINDS) do
    if amounts[k] ~= 0 then
      for _, scope in ipairs({resource, 'total'}) do
        call('HINCRBY', spent_key(), scope .. '.' .. kind, int(amounts[k]))
      end
      if kind ~= 'requests' then
        local field = resource .. '.' .. kind
        if amounts[k] > tonumber(call('HGET', D .. 'dearest', field) or '0') then
          call('HSET', D .. 'dearest', field, int(amounts[k]))
        end
      end
    end
  end
  call('PEXPIRE', spent_key(), SPENT_MS)
end

-- The bounds of which 80 % or 100 % is used, as "80 vision.money", …: each once
-- a day, and once more when the bound has changed.
local function notices(resource)
  local out = {}
  for k, kind in ipairs(KINDS) do
    for _, scope in ipairs({resource, 'total'}) do
      local field, most = scope .. '.' .. kind, (budget.most[scope] or {})[k] or 0
      local used = most > 0 and tonumber(call('HGET', spent_key(), field) or '0')
      for _, share in ipairs({80, 100}) do
        local notice = share .. ' ' .. field
        if used and used >= most * share / 100
            and call('HGET', spent_key(), 'told ' .. notice) ~= int(most) then
          call('HSET', spent_key(), 'told ' .. notice, int(most))
          out[#out + 1] = notice
        end
      end
    end
  end
  return out
end
