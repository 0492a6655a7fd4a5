-- Puts a delayed job in line now, even while the queue is paused.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 job id
-- Returns: 1 in line, -1 no such job, -3 it is not delayed.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_job.lua
local id = ARGV[3]
if not is_job(id) then return -1 end
if call('ZREM', DELAYED, id) == 0 then return -3 end
call('HSET', P .. id, 'delay', '0')
call('HDEL', P .. id, 'drTurn')
line_up(id, priority_of(id))
wake_unless_blocked()
tell('waiting', 'jobId', id, 'prev', 'delayed')
return 1
