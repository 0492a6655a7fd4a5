-- Fails a job for good that is not running. Counts no attempt.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 job id  4 reason
--       5 how it is kept: `extra` of lib_settle.lua
-- Returns: 1 failed, -1 no such job, -2 it is running, -3 it has ended,
--   -8 a job scheduler waits for it.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_parent.lua
-- include lib_add.lua
local D, has_limits, resources, metrics_points = '', '0', '', 0
-- include lib_limits.lua
-- include lib_settle.lua
-- include lib_job.lua
-- include lib_remove.lua
local id, reason, extra = ARGV[3], ARGV[4], decode(ARGV[5])
if not is_job(id) then return -1 end
if call('ZSCORE', P .. 'completed', id) or call('ZSCORE', P .. 'failed', id) then return -3 end
if call('EXISTS', P .. id .. ':lock') == 1 or call('LPOS', ACTIVE, id) then return -2 end
if is_pending_iteration(id) then return -8 end
local prev = leave_state(id)
local s = {id = id, value = reason, fields = call('HMGET', P .. id, 'ats', 'atm', 'deid', 'parentKey')}
release_deduplication(s)
if s.fields[4] then tell_failed(id, reason) end
if extra.kc ~= 0 then
  call('HSET', P .. id, 'failedReason', reason, 'finishedOn', now, 'delay', '0')
  call('HDEL', P .. id, 'defa', 'drTurn')
end
keep_finished(s, 'failed', extra)
flush_run()
tell('failed', 'jobId', id, 'failedReason', reason, 'prev', prev)
return 1
