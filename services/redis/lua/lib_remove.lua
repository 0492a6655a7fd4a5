-- Fragment: removes jobs from the queue for good. Needs lib_queue.lua,
-- lib_parent.lua and lib_job.lua.

-- Whether the job is the iteration that a job scheduler waits for. Without it,
-- the scheduler would stop.
local function is_pending_iteration(id)
  if string.sub(id, 1, 7) ~= 'repeat:' then return false end
  local scheduler = call('HGET', P .. id, 'rjk')
  local slot = scheduler and call('ZSCORE', P .. 'repeat', scheduler)
  return slot and id == 'repeat:' .. scheduler .. ':' .. slot
end

-- The jobs that were removed before they had ended, with a name that the caller
-- watches: {id, name, timestamp, ats, data} each. The names start at ARGV[first].
local watched, unfinished = {}, {}
local function watch_names(first)
  for i = first, #ARGV do watched[ARGV[i]] = true end
end

local function report(id)
  local h = fields_of(id, 'name', 'finishedOn', 'timestamp', 'ats')
  if not watched[h[1]] or h[2] then return end
  unfinished[#unfinished + 1] = {id, h[1], h[3] or '0', h[4] or '0', fields_of(id, 'data')[1] or ''}
end

-- Deletes all data of a job, which must not be in any state any more.
local function forget(id)
  if is_foreign(id) then return end
  if next(watched) then report(id) end
  local key = P .. id
  local deid = call('HGET', key, 'deid')
  if deid and redis.pcall('GET', P .. 'de:' .. deid) == id then
    call('DEL', P .. 'de:' .. deid, P .. 'dn:' .. deid)
  end
  call('DEL', key, key .. ':lock', key .. ':logs', key .. ':dependencies',
    key .. ':processed', key .. ':failed', key .. ':unsuccessful')
end

-- Call it for a job that is removed together with many others. If its parent
-- waits for nobody else, a parent in this queue is removed, too; a parent in
-- another queue is released.
local function leave_family(id)
  local parent = parent_of(id)
  if not parent or not leave_parent(parent, P .. id) then return end
  if parent.base ~= P then
    return at_queue(parent.base, release_if_ready, parent.id, true)
  end
  if call('SCARD', parent.key .. ':dependencies') == 0
      and call('ZREM', P .. 'waiting-children', parent.id) == 1 then
    leave_family(parent.id)
    forget(parent.id)
  end
end

-- Removes the job from its state. @returns the name of the state
local function leave_state(id)
  for _, name in ipairs({'completed', 'failed', 'delayed', 'prioritized', 'waiting-children'}) do
    if call('ZREM', P .. name, id) == 1 then return name end
  end
  for _, name in ipairs({'wait', 'paused', 'active'}) do
    if call('LREM', P .. name, '0', id) > 0 then return name end
  end
  return 'unknown'
end

-- Whether the job at `key` is running, or one of the children that it waits
-- for, at any depth.
local function is_running(key)
  if call('EXISTS', key .. ':lock') == 1 then return true end
  for _, child in ipairs(call('SMEMBERS', key .. ':dependencies')) do
    if is_running(child) then return true end
  end
  return false
end

local function children_of(key)
  local all = call('HKEYS', key .. ':processed')
  local function append(more)
    for i = 1, #more do all[#all + 1] = more[i] end
  end
  append(call('HKEYS', key .. ':failed'))
  append(call('SMEMBERS', key .. ':dependencies'))
  append(call('ZRANGE', key .. ':unsuccessful', '0', '-1'))
  return all
end

-- Removes one job, and its children if `is_whole`; tells its parent.
local function remove(id, is_whole)
  drop_from_parent(id)
  for _, child in ipairs(is_whole and children_of(P .. id) or {}) do
    local base, child_id = string.match(child, '^(.*:)([^:]+)$')
    if base and call('EXISTS', child) == 1 then at_queue(base, remove, child_id, true) end
  end
  local prev = leave_state(id)
  forget(id)
  event('removed', 'jobId', id, 'prev', prev)
end
