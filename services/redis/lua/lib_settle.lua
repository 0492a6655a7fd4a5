-- Fragment: settles a batch of jobs. Needs lib_queue.lua, lib_add.lua,
-- lib_parent.lua, lib_limits.lua and the local metrics_points.
-- A settlement: {id, token, ats, kind, value, extra}. kind: c completed, f
-- failed for good, d delayed, r retried at once, g given back.
-- extra (JSON or ''): kc, ka, kl keep count, age s, limit; d delay ms; p does
-- not count as an attempt; l lifo; a attempts; s stack trace limit; cd codec
-- died; rd runner died; ch chained jobs {i,n,d,o,w,p,l}.

local OK, GONE, FENCED, NOT_ACTIVE, HAS_CHILDREN, CHILDREN_FAILED = 0, 1, 2, 3, 4, 5
local BROKEN = 6
local no_extra, last_text, last_extra = {}, '', nil

local function decode(text)
  if text == '' then return no_extra end
  if text ~= last_text then last_text, last_extra = text, cjson.decode(text) end
  return last_extra
end

-- Decides who may settle: the owner of the lock. If the lock has only expired
-- (Redis was down), the worker that took the job last may settle, as long as
-- the job is still active.
local function check(s, owner, blocked)
  local h = fields_of(s.id, 'ats', 'atm', 'deid', 'parentKey')
  s.fields = h
  if not h[1] then
    if is_hash(s.id) then return FENCED end
    -- Whoever removed the job left its id in `active`, where it takes a place.
    call('LREM', ACTIVE, '1', s.id)
    if owner == s.token then call('DEL', P .. s.id .. ':lock') end
    return GONE
  end
  if h[1] ~= s.ats then return FENCED end
  if owner and owner ~= s.token then return FENCED end
  if not owner and not call('LPOS', ACTIVE, s.id) then return NOT_ACTIVE end
  if blocked and s.kind == 'c' then
    if call('SCARD', P .. s.id .. ':dependencies') > 0 then return HAS_CHILDREN end
    if call('ZCARD', P .. s.id .. ':unsuccessful') > 0 then return CHILDREN_FAILED end
  end
  return OK
end

-- Takes the batch out of `active`. Jobs are pushed at the head, so a batch is
-- very often one contiguous run at an end; trimming it is faster than searching
-- the list for each job.
local function leave_active(batch)
  local ids = {}
  for i = 1, #batch do ids[batch[i].id] = true end
  local function is_run(from, to)
    local run = call('LRANGE', ACTIVE, from, to)
    if #run ~= #batch then return false end
    for i = 1, #run do if not ids[run[i]] then return false end end
    return true
  end
  if is_run(int(-#batch), '-1') then
    call('LTRIM', ACTIVE, '0', int(-#batch - 1))
  elseif is_run('0', int(#batch - 1)) then
    call('LTRIM', ACTIVE, int(#batch), '-1')
  else
    for i = 1, #batch do
      -- Young jobs are near the head.
      if call('LREM', ACTIVE, '1', batch[i].id) == 0 then batch[i].missing = true end
    end
  end
end

local function release_deduplication(s)
  local deid = s.fields[3]
  if not deid then return end
  local key = P .. 'de:' .. deid
  local ttl = call('PTTL', key)
  if ttl == 0 or (ttl == -1 and call('GET', key) == s.id) then
    call('DEL', key)
    ttl = -2
  end
  -- The id may also be gone because a client released it while the job ran.
  if ttl == -2 then add_kept(deid) end
end

-- include lib_retention.lua

-- The list of stack traces with this failure appended, as JSON.
local function append_trace(s, extra)
  if extra.s == 0 then return '[]' end
  local good, list = pcall(cjson.decode, call('HGET', P .. s.id, 'stacktrace') or '[]')
  local traces = {}
  if good and type(list) == 'table' then
    -- Texts can always be written; a number such as 1e999 cannot.
    for _, x in ipairs(list) do
      if type(x) == 'string' then traces[#traces + 1] = x end
    end
  end
  traces[#traces + 1] = 'Error: ' .. s.value
  while extra.s and #traces > extra.s do table.remove(traces, 1) end
  return cjson.encode(traces)
end

local function add_chained(s, extra)
  for i, c in ipairs(extra.ch) do
    local id = add_job(c.i or '', c.n, c.d, c.o, c.w or 0, c.p or 0, c.l)
    if i == 1 then
      local text = cjson.encode(id)
      -- A function, because '%' in a replacement text would have a meaning.
      s.value = string.gsub(s.value, '"%$chained"', function() return text end)
    end
  end
end

local move = {}
local finished = 0 -- number of jobs that completed or failed for good

move.c = function(s, extra, made)
  finished = finished + 1
  release_deduplication(s)
  if extra.ch then add_chained(s, extra) end
  if s.fields[4] then tell_completed(s.id, s.value) end
  if extra.kc ~= 0 then
    call('HSET', P .. s.id, 'atm', made, 'returnvalue', s.value, 'finishedOn', now)
  end
  keep_finished(s, 'completed', extra)
  tell('completed', 'jobId', s.id, 'returnvalue',
    s.value, 'prev', 'active')
  count_metric('completed')
end

move.f = function(s, extra, made)
  finished = finished + 1
  release_deduplication(s)
  if s.fields[4] then tell_failed(s.id, s.value) end
  if extra.kc ~= 0 then
    call('HSET', P .. s.id, 'atm', made, 'failedReason', s.value, 'stacktrace',
      append_trace(s, extra), 'finishedOn', now)
    call('HDEL', P .. s.id, 'defa', 'drTurn')
  end
  keep_finished(s, 'failed', extra)
  tell('failed', 'jobId', s.id, 'failedReason',
    s.value, 'prev', 'active')
  if tonumber(made) >= (extra.a or 0) then
    tell('retries-exhausted', 'jobId', s.id,
      'attemptsMade', made)
  end
  count_metric('failed')
end

move.d = function(s, extra, made)
  local at = tonumber(now) + extra.d
  if extra.p then
    at = wait_for_pause(s.id, extra.d)
  else
    call('HDEL', P .. s.id, 'drTurn')
    call('HSET', P .. s.id, 'atm', made, 'failedReason', s.value, 'stacktrace',
      append_trace(s, extra))
  end
  call('HSET', P .. s.id, 'delay', int(at - tonumber(now)))
  delay_until(s.id, at)
end

move.r = function(s, extra, made)
  promote_due()
  call('HSET', P .. s.id, 'atm', made, 'failedReason', s.value, 'stacktrace',
    append_trace(s, extra))
  local priority = priority_of(s.id)
  line_up(s.id, priority, priority == 0 and extra.l)
  wake_unless_blocked()
  event('waiting', 'jobId', s.id, 'prev', 'active')
end

move.g = function(s, extra)
  line_up(s.id, priority_of(s.id), true)
  wake_unless_blocked()
  event('waiting', 'jobId', s.id, 'prev', 'active')
end

local function end_run(s)
  local extra = decode(s.extra)
  if extra.cd then count_up(s.id, 'drCodecDeaths') end
  if extra.rd then count_up(s.id, 'drLost') end
  move[s.kind](s, extra, int((number_of(s.fields[2]) or 0) + 1))
end

-- Data that strangers wrote into a job, its parent or a key may make the job's
-- move impossible. The job then fails for good. Otherwise the script's error
-- would leave the job in no state, and the whole batch would be sent again
-- forever.
-- @returns the status, which says that the job failed in place of what it did
local function give_up(s, problem)
  if s.kept then return OK end
  local why = type(problem) == 'table' and problem.err or tostring(problem)
  local text = 'Redis cannot do what this job needs: ' .. why
  local home = P
  if not pcall(tell_failed, s.id, text) then turn_to(home) end
  call('HSET', P .. s.id, 'failedReason', text, 'finishedOn', now)
  call('ZADD', P .. 'failed', now, s.id)
  event('failed', 'jobId', s.id, 'failedReason', text, 'prev', 'active')
  return BROKEN
end

-- @returns one status per settlement, in the same order
local function settle(batch)
  local locks, children = {}, {}
  for i = 1, #batch do
    local key = P .. batch[i].id
    locks[i] = key .. ':lock'
    children[2 * i - 1], children[2 * i] = key .. ':dependencies', key .. ':unsuccessful'
  end
  local owners = call('MGET', unpack(locks))
  local blocked = call('EXISTS', unpack(children)) > 0
  local statuses, good, released = {}, {}, {}
  for i = 1, #batch do
    statuses[i] = check(batch[i], owners[i], blocked)
    batch[i].index = i
    if statuses[i] == OK then good[#good + 1] = batch[i] end
  end
  if #good == 0 then return statuses end
  leave_active(good)
  local ids = {}
  for i = 1, #good do
    local s = good[i]
    ids[i] = s.id
    if s.missing then statuses[s.index] = NOT_ACTIVE
    else released[#released + 1] = P .. s.id .. ':lock' end
  end
  if #released > 0 then call('DEL', unpack(released)) end
  call('SREM', P .. 'stalled', unpack(ids))
  trim_events()
  for i = 1, #good do
    local s = good[i]
    if not s.missing then
      local home = P
      local good_move, problem = pcall(end_run, s)
      if not good_move then
        turn_to(home)
        statuses[s.index] = give_up(s, problem)
      end
    end
  end
  flush_run()
  return statuses
end
