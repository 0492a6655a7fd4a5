-- Puts a job that has ended back in line. Its parent waits for it again, unless
-- the option `rdof` released the parent from a failed child.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 job id
--       4 '1': with all its attempts, and without its record of died workers.
--         `ats` stays, because it fences results.
-- Returns: 1 in line, -1 no such job, -3 it has not ended.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_parent.lua
-- include lib_job.lua
local id = ARGV[3]
local key = P .. id
if not is_job(id) then return -1 end
local prev = call('ZREM', P .. 'failed', id) == 1 and 'failed'
  or call('ZREM', P .. 'completed', id) == 1 and 'completed'
if not prev then return -3 end
call('HDEL', key, 'finishedOn', 'processedOn', 'drTurn', prev == 'failed' and 'failedReason' or 'returnvalue')
if ARGV[4] == '1' then call('HDEL', key, 'atm', 'drCodecDeaths', 'drLost') end
local job = call('HMGET', key, 'priority', 'opts')
local good, options = pcall(cjson.decode, job[2] or '{}')
local priority = number_of(job[1]) or 0
line_up(id, priority, priority == 0 and good and type(options) == 'table' and is_truthy(options.lifo))
wake_unless_blocked()
event('waiting', 'jobId', id, 'prev', prev)
local parent = parent_of(id)
if parent and not parent.rdof and call('EXISTS', parent.key) == 1 then
  call('SADD', parent.key .. ':dependencies', key)
  call('HDEL', parent.key .. ':processed', key)
  call('HDEL', parent.key .. ':failed', key)
  call('ZREM', parent.key .. ':unsuccessful', key)
end
return 1
