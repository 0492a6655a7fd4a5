-- Fragment: stores jobs and puts them in line. Needs lib_queue.lua and
-- lib_parent.lua.

-- Stores a job under a free id.
-- @param fields  further fields of its hash, or nil
local function store_job(id, name, data, opts, delay, priority, lifo, fields)
  call('HSET', P .. id, 'name', name, 'data', data, 'opts', opts, 'timestamp', now,
    'delay', int(delay), 'priority', int(priority))
  if fields then call('HSET', P .. id, unpack(fields)) end
  event('added', 'jobId', id, 'name', name)
  if delay > 0 then
    delay_until(id, tonumber(now) + delay)
  else
    line_up(id, priority, priority == 0 and lifo)
    wake_unless_blocked()
    event('waiting', 'jobId', id)
  end
end

-- include lib_deduplicate.lua

-- Makes a job a child: its parent {id, queue "bull:<queue>"} waits for it.
-- @returns the fields to store in the child
local function join_parent(child, options)
  local parent = options.parent
  local base, child_key = parent.queue .. ':', P .. child
  local key = base .. parent.id
  if call('EXISTS', key) == 0 then error('there is no parent job ' .. key) end
  local present = call('HGET', child_key, 'parentKey')
  if present and present ~= key and call('EXISTS', present) == 1 then
    error('job ' .. child .. ' has another parent, ' .. present)
  end
  if call('ZSCORE', P .. 'completed', child) then
    call('HSET', key .. ':processed', child_key,
      call('HGET', child_key, 'returnvalue') or 'null')
    at_queue(base, release_if_ready, parent.id)
  else
    call('SADD', key .. ':dependencies', child_key)
  end
  local stored = {id = parent.id, queueKey = parent.queue}
  for _, flag in ipairs({'fpof', 'cpof', 'idof', 'rdof'}) do
    if options[flag] then stored[flag] = true end
  end
  return {'parentKey', key, 'parent', cjson.encode(stored)}
end

-- The decoded options if some of them need more than being stored, else nil.
local function relations(opts)
  if string.find(opts, '"de":', 1, true) or string.find(opts, '"parent":', 1, true) then
    return cjson.decode(opts)
  end
end

-- @param wanted  id, or '' to take one from the queue's counter
-- @returns the job's id, then whether a job exists already: with the same id,
--   or as the owner of the same deduplication id. The id is then that job's.
local function add_job(wanted, name, data, opts, delay, priority, lifo)
  local count = int(call('INCR', P .. 'id'))
  local id = wanted ~= '' and wanted or count
  local options, fields = relations(opts), nil
  if wanted ~= '' and call('EXISTS', P .. id) == 1 then
    if options and options.parent then
      call('HSET', P .. id, unpack(join_parent(id, options)))
    end
    event('duplicated', 'jobId', id)
    return id, true
  end
  if options and options.de then
    local owner = deduplicate(options.de, id, name, data, opts, delay)
    if owner then return owner, true end
    fields = {'deid', options.de.id}
  elseif options and options.parent then
    fields = join_parent(id, options)
  end
  store_job(id, name, data, opts, delay, priority, lifo, fields)
  return id
end
