-- Changes a job that has not started: what BullMQ's updateData, changePriority
-- and changeDelay do, in one step.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 job id
--       4 its new data (JSON)  5 its new priority  6 its new delay, ms from now;
--       an empty text each leaves it as it is
-- Returns: 1 changed, -1 no such job, -2 it is running, -3 it has ended,
--   -4 a new delay for a job that is not delayed. If it is below 0, nothing was
--   changed.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_job.lua
local id, key = ARGV[3], P .. ARGV[3]
if not is_job(id) then return -1 end
if call('ZSCORE', P .. 'completed', id) or call('ZSCORE', P .. 'failed', id) then return -3 end
if call('EXISTS', key .. ':lock') == 1 or call('LPOS', ACTIVE, id) then return -2 end
local priority, delay = tonumber(ARGV[5]), tonumber(ARGV[6])
if delay and not call('ZSCORE', DELAYED, id) then return -4 end
if ARGV[4] ~= '' then call('HSET', key, 'data', ARGV[4]) end
if priority then
  call('HSET', key, 'priority', int(priority))
  if call('ZREM', PRIORITIZED, id) == 1 or call('LREM', LINE, '-1', id) == 1 then
    line_up(id, priority)
    wake_unless_blocked()
  end
end
if delay then
  call('HSET', key, 'delay', int(delay))
  call('HDEL', key, 'drTurn')
  call('ZREM', DELAYED, id)
  delay_until(id, tonumber(now) + delay)
end
return 1
