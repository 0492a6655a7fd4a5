-- Removes a job that is not running.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 job id  4 '1': also its children
--       then the names of the jobs to report, see watch_names in lib_remove.lua
-- Returns: {1, the reported jobs} once it is removed, or -1 no such job, -2 it
--   or one of its children runs,
--   -8 a job scheduler waits for it.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_parent.lua
-- include lib_job.lua
-- include lib_remove.lua
local id, is_whole = ARGV[3], ARGV[4] == '1'
if not is_job(id) then return -1 end
if is_pending_iteration(id) then return -8 end
if is_whole and is_running(P .. id) or call('EXISTS', P .. id .. ':lock') == 1 then return -2 end
watch_names(5)
remove(id, is_whole)
return {1, unfinished}
