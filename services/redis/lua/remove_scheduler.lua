-- Removes a job scheduler and its next job: BullMQ's removeJobScheduler. A job
-- of it that runs goes on.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 scheduler's id
-- Returns: 1 removed, -1 there is no such scheduler.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_parent.lua
-- include lib_job.lua
-- include lib_remove.lua
local slot = call('ZSCORE', P .. 'repeat', ARGV[3])
if not slot then return -1 end
local id = 'repeat:' .. ARGV[3] .. ':' .. slot
local waits = call('ZSCORE', DELAYED, id) or call('ZSCORE', PRIORITIZED, id) or call('LPOS', LINE, id)
call('ZREM', P .. 'repeat', ARGV[3])
if waits and is_job(id) then remove(id, false) end
if is_hash('repeat:' .. ARGV[3]) then call('DEL', P .. 'repeat:' .. ARGV[3]) end
return 1
