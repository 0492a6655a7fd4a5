-- Fragment: names and small steps that all scripts share. Expects the locals P
-- (prefix "bull:<queue>:") and now (ms, text). Layout: docs/redis.md.
local call = redis.call
local WAIT, ACTIVE, DELAYED, PRIORITIZED, MARKER, EVENTS, meta, max_events
-- The list where new jobs wait: usually `wait`. A v5 client that pauses moves
-- this list to `paused`; when it resumes, it moves the list back and overwrites
-- jobs that came into `wait` meanwhile.
local LINE

-- Redis formats a Lua number with %.17g, which takes 1 us, so pass text.
local function int(number) return string.format('%d', number) end

-- Reads a number as a client wrote it ("9.007199254741e+15"), limited to what a
-- time or a count may be. nil if it is not a number.
local function number_of(text)
  local number = tonumber(text or '')
  if number and number == number then
    return math.max(-9e15, math.min(number, 9e15))
  end
end

-- The fields of a job's hash; a missing field is nil. An id in a list may name
-- no key or a key of another type. An error would end this script and every
-- later one that meets the id, so such an id counts as a job that was removed.
local function fields_of(id, ...)
  local h = redis.pcall('HMGET', P .. id, ...)
  return h.err and {} or h
end

-- Adds 1 to a number of a job, where what a stranger wrote counts as 0.
-- @returns the sum
local function count_up(id, field)
  local sum = (number_of(fields_of(id, field)[1]) or 0) + 1
  call('HSET', P .. id, field, int(sum))
  return sum
end

-- The token of a job's lock; nil if there is none, or a key of another type.
local function lock_of(id)
  local token = redis.pcall('GET', P .. id .. ':lock')
  return type(token) == 'string' and token or nil
end

local function is_hash(id)
  return call('TYPE', P .. id).ok == 'hash'
end

-- Switches to the queue at `base`: from now on all names here refer to it.
local function turn_to(base)
  P = base
  WAIT, ACTIVE, DELAYED = P .. 'wait', P .. 'active', P .. 'delayed'
  PRIORITIZED, MARKER, EVENTS = P .. 'prioritized', P .. 'marker', P .. 'events'
  meta = call('HMGET', P .. 'meta', 'paused', 'concurrency', 'max', 'duration',
    'opts.maxLenEvents', 'version')
  meta[2], meta[3], meta[4] = number_of(meta[2]), number_of(meta[3]), number_of(meta[4])
  max_events = int(math.max(0, number_of(meta[5]) or 10000))
  local is_aside = meta[1] and string.sub(meta[6] or '', 1, 9) == 'bullmq:5.'
  LINE = is_aside and P .. 'paused' or WAIT
end
turn_to(P)

-- Runs `step` in another queue, which may have another prefix.
local function at_queue(base, step, ...)
  if base == P then return step(...) end
  local home = P
  turn_to(base)
  step(...)
  turn_to(home)
end

local function is_paused_or_maxed()
  if meta[1] then return true end
  return meta[2] and call('LLEN', ACTIVE) >= meta[2]
end

-- Nobody can take a queue's marker while the script runs, so once is enough.
local awake = {}
local function wake()
  if awake[MARKER] then return end
  awake[MARKER] = true
  call('ZADD', MARKER, '0', '0')
end

local function wake_unless_blocked()
  if not is_paused_or_maxed() then wake() end
end

-- The due time, in ms, of a job with this score in `delayed`.
local function due_of(score)
  return math.min(math.floor(score / 4096), 9e15)
end

-- Tells the fleet when the next delayed job is due, even while paused.
local function wake_when_due()
  local first = call('ZRANGE', DELAYED, '0', '0', 'WITHSCORES')
  if first[2] then
    call('ZADD', MARKER, int(due_of(first[2])), '1')
  end
end

-- Streams to which this script has added an event. They are not trimmed again,
-- so that its own events do not delete each other, however short a stream may
-- be.
local told = {}
local function trim_events()
  if not told[EVENTS] then call('XTRIM', EVENTS, 'MAXLEN', '~', max_events) end
  told[EVENTS] = true
end

-- Adds an event without trimming the stream, so that other events stay until
-- they are read. BullMQ does the same, except when it adds jobs.
local function tell(...)
  told[EVENTS] = true
  call('XADD', EVENTS, '*', 'event', ...)
end

local function event(...)
  trim_events()
  tell(...)
end

-- Whether JavaScript takes a value of decoded JSON for true.
local function is_truthy(value)
  return value and value ~= cjson.null and value ~= 0 and value ~= ''
end

-- Jobs of this priority run when no other job waits, so a claim does not count
-- them as waiting.
local BACKGROUND = 2097151

-- The score of a job with this priority that goes behind its peers.
local function priority_score(priority)
  local count = call('INCR', P .. 'pc')
  return string.format('%.0f', priority * 4294967296 + count % 4294967296)
end

local function priority_of(id)
  return number_of(fields_of(id, 'priority')[1]) or 0
end

-- Puts a job in line: at the back, or at the front if `first` is set.
local function line_up(id, priority, first)
  if priority == 0 then
    call(first and 'RPUSH' or 'LPUSH', LINE, id)
  elseif first then
    call('ZADD', PRIORITIZED, string.format('%.0f', priority * 4294967296), id)
  else
    call('ZADD', PRIORITIZED, priority_score(priority), id)
  end
end

-- Puts a job into `delayed`, behind those of the same millisecond.
local function delay_until(id, due)
  local base = due * 4096
  local last = call('ZREVRANGEBYSCORE', DELAYED, string.format('%.0f', base + 4095),
    string.format('%.0f', base), 'WITHSCORES', 'LIMIT', '0', '1')
  local score = base
  if last[2] then score = math.min(tonumber(last[2]) + 1, base + 4095) end
  call('ZADD', DELAYED, string.format('%.0f', score), id)
  event('delayed', 'jobId', id, 'delay', int(due))
  wake_when_due()
end

-- Puts due delayed jobs in line, even while paused or limited. Jobs that were
-- promised a start at a resource go to the front of the line.
local function promote_due()
  local due = call('ZRANGEBYSCORE', DELAYED, '0',
    string.format('%.0f', (tonumber(now) + 1) * 4096 - 1), 'LIMIT', '0', '1000')
  if #due == 0 then return end
  call('ZREM', DELAYED, unpack(due))
  local promised = {}
  for i = 1, #due do
    local id = due[i]
    local job = fields_of(id, 'priority', 'drTurn')
    if job[2] then
      table.insert(promised, 1, id)
      call('HSET', P .. id, 'drTurn', '0')
    else
      line_up(id, number_of(job[1]) or 0)
    end
    tell('waiting', 'jobId', id, 'prev', 'delayed')
    -- Without a hash there is no job, so none is made; the claim drops such
    -- ids.
    if job[1] or is_hash(id) then
      call('HSET', P .. id, 'delay', '0')
    end
  end
  if #promised > 0 then call('RPUSH', LINE, unpack(promised)) end
  wake_unless_blocked()
end
