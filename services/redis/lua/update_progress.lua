-- Stores the progress of a job.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 job id  3 progress (JSON)
-- Returns: 0, or -1 if there is no such job.
-- include lib_fence.lua
local P, now = ARGV[1], '0'
-- include lib_queue.lua
if call('EXISTS', P .. ARGV[2]) == 0 then return -1 end
call('HSET', P .. ARGV[2], 'progress', ARGV[3])
event('progress', 'jobId', ARGV[2], 'data', ARGV[3])
return 0
