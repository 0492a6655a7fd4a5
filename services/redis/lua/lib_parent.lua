-- Fragment: what happens to a parent when a child finishes or is removed. A
-- parent may be in another queue, with another prefix. Needs lib_queue.lua.

-- A child's field `parent`: {id, queueKey "bull:<queue>", fpof|cpof|idof|rdof}.
-- @returns nil if the child has no parent
local function parent_of(id)
  local text = call('HGET', P .. id, 'parent')
  if not text then return nil end
  local good, parent = pcall(cjson.decode, text)
  if good and type(parent) == 'table' and parent.id and parent.queueKey then
    parent.base = parent.queueKey .. ':'
    parent.key = parent.base .. parent.id
    return parent
  end
end

-- Puts a parent in line that no longer waits for children. BullMQ adds no event
-- if the child was removed together with many others (`is_silent`).
local function line_up_parent(id, is_silent)
  local h = call('HMGET', P .. id, 'priority', 'delay')
  local priority, delay = number_of(h[1]) or 0, number_of(h[2]) or 0
  if delay > 0 then
    delay_until(id, tonumber(now) + delay)
    return
  end
  line_up(id, priority, priority == 0)
  wake_unless_blocked()
  if not is_silent then tell('waiting', 'jobId', id, 'prev', 'waiting-children') end
end

local function release(id, is_silent)
  if call('ZREM', P .. 'waiting-children', id) == 1 then line_up_parent(id, is_silent) end
end

local function release_if_ready(id, is_silent)
  if call('SCARD', P .. id .. ':dependencies') == 0 then release(id, is_silent) end
end

-- Marks the parent, so that the worker that takes it next fails it.
local function defer_failure(id, child)
  call('ZADD', P .. id .. ':unsuccessful', now, child)
  if call('ZSCORE', P .. 'failed', id) then return end
  call('HSET', P .. id, 'defa', 'child ' .. child .. ' failed')
  if call('ZREM', DELAYED, id) == 1 then
    call('HSET', P .. id, 'delay', '0')
    line_up_parent(id)
  else
    release(id)
  end
end

-- @returns whether the parent was waiting for that child
local function leave_parent(parent, child)
  return call('SREM', parent.key .. ':dependencies', child) == 1
end

local function tell_completed(id, value)
  local parent, child = parent_of(id), P .. id
  if not parent or not leave_parent(parent, child) then return end
  call('HSET', parent.key .. ':processed', child, value)
  at_queue(parent.base, release_if_ready, parent.id)
end

-- Without a failure option, the parent keeps waiting for the failed child.
local function tell_failed(id, reason)
  local parent, child = parent_of(id), P .. id
  if not parent or not (parent.fpof or parent.cpof or parent.idof or parent.rdof)
      or not leave_parent(parent, child) then
    return
  end
  if parent.fpof then return at_queue(parent.base, defer_failure, parent.id, child) end
  if parent.cpof or parent.idof then
    call('HSET', parent.key .. ':failed', child, reason)
  end
  at_queue(parent.base, parent.cpof and release or release_if_ready, parent.id)
end

-- Call it for a job that is about to be deleted.
local function drop_from_parent(id)
  local parent = parent_of(id)
  if parent and leave_parent(parent, P .. id) then
    at_queue(parent.base, release_if_ready, parent.id)
  end
end
