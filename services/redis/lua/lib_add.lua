-- Fragment: stores one job and puts it in line. Needs lib_queue.lua.

-- @param wanted  id, or '' for the queue's counter
-- @returns the job's id; of the existing job where the id is taken
local function add_job(wanted, name, data, opts, delay, priority, lifo)
  local count = int(call('INCR', P .. 'id'))
  local id = wanted ~= '' and wanted or count
  local key = P .. id
  if wanted ~= '' and call('EXISTS', key) == 1 then
    event('duplicated', 'jobId', id)
    return id
  end
  call('HSET', key, 'name', name, 'data', data, 'opts', opts, 'timestamp', now,
    'delay', int(delay), 'priority', int(priority))
  call('XADD', EVENTS, '*', 'event', 'added', 'jobId', id, 'name', name)
  if delay > 0 then
    delay_until(id, tonumber(now) + delay)
  else
    line_up(id, priority, priority == 0 and lifo)
    wake_unless_blocked()
    event('waiting', 'jobId', id)
  end
  return id
end
