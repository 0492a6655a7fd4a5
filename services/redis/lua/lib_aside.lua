-- Fragment: sets jobs aside that no free slot can take. Needs lib_queue.lua and
-- the locals D (own prefix), slots (JSON, see slots_text.hpp; '' = any slot
-- takes any job) and aside_ms.
--   D aside         set: names of jobs that are set aside
--   D aside:<name>  zset: ids of these jobs in the order in which they start
-- Such a job is in `delayed`, so that other workers of the queue get it when it
-- is due; its field drAside has that time. If one of our slots becomes free
-- earlier, the job is taken from there.

local groups, takes_unknown
if slots ~= '' then
  local decoded = cjson.decode(slots)
  groups, takes_unknown = decoded.groups, decoded.any
end

-- The group of free slots that may run a job of this name, as [number, names];
-- nil if no such slot is free.
local function slot_for(name, is_for_all)
  local is_known = false
  for i = 1, #groups do
    local names = groups[i][2]
    if is_for_all or not names or names[name] then
      is_known = true
      if groups[i][1] > 0 then return groups[i] end
    end
  end
  if not is_known and takes_unknown then return slot_for(name, true) end
  return nil
end

-- Moves a job that was taken out of the line to `delayed`. A job that was set
-- aside before keeps its place in the order.
local function set_aside(id, name, priority)
  local key, due = D .. 'aside:' .. name, tonumber(now) + aside_ms
  if not call('ZSCORE', key, id) then
    local score = priority * 4294967296
    local last = call('ZREVRANGEBYSCORE', key, string.format('%.0f', score + 4294967295),
      string.format('%.0f', score), 'WITHSCORES', 'LIMIT', '0', '1')
    if last[2] then score = tonumber(last[2]) + 1 end
    call('ZADD', key, string.format('%.0f', score), id)
  end
  call('SADD', D .. 'aside', name)
  -- Jobs that still wait are set aside again before these keys expire.
  call('PEXPIRE', key, int(2 * aside_ms))
  call('PEXPIRE', D .. 'aside', int(2 * aside_ms))
  call('LREM', ACTIVE, '1', id)
  call('HSET', P .. id, 'delay', int(aside_ms), 'drAside', int(due))
  delay_until(id, due)
end

-- Whether a job is still where set_aside put it. It may have been removed,
-- promoted, or taken by another worker.
local function is_aside(id)
  local due, score = fields_of(id, 'drAside')[1], call('ZSCORE', DELAYED, id)
  return due and score and math.floor(score / 4096) == tonumber(due)
end

-- How long a due job is left to other workers, in ms. If no node here runs it,
-- claiming it at once would only set it aside again before another worker sees
-- it.
local function offer_time(id)
  return groups and is_aside(id) and 1000 or 0
end

-- Moves one job that was set aside, and that a free slot can run now, to
-- `active`. @returns {id}, or nil
local asides
local function pop_aside()
  if not groups then return nil end
  asides = asides or call('SMEMBERS', D .. 'aside')
  for _, name in ipairs(asides) do
    while slot_for(name) do
      local id = call('ZPOPMIN', D .. 'aside:' .. name)[1]
      if not id then
        call('SREM', D .. 'aside', name)
        break
      end
      if is_aside(id) then
        call('ZREM', DELAYED, id)
        call('LPUSH', ACTIVE, id)
        call('HSET', P .. id, 'delay', '0')
        call('HDEL', P .. id, 'drAside')
        tell('waiting', 'jobId', id, 'prev', 'delayed')
        return {id}
      end
    end
  end
  return nil
end
