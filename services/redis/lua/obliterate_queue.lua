-- Removes a paused queue with all its jobs, a limited number per call. Keeps
-- parents whose children are in other queues, and the records of the rate
-- limits.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 most jobs
--       4 '1': also running jobs; their workers' results are void
--       then the names of the jobs to report, see watch_names in lib_remove.lua
-- Returns: {1 call again or 0 done, the reported jobs}, or -1 not paused, -2 jobs
--   run.
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_parent.lua
-- include lib_job.lua
-- include lib_remove.lua
local left = tonumber(ARGV[3])
watch_names(5)
if not meta[1] then return -1 end
if ARGV[4] ~= '1' and call('LLEN', ACTIVE) > 0 then return -2 end

local function remove_from(state, is_list)
  local key, last = P .. state, int(left - 1)
  local ids = call(is_list and 'LRANGE' or 'ZRANGE', key, '0', last)
  call(is_list and 'LTRIM' or 'ZREMRANGEBYRANK', key, is_list and int(left) or '0',
    is_list and '-1' or last)
  for i = 1, #ids do
    leave_family(ids[i])
    forget(ids[i])
  end
  left = left - #ids
end

for _, state in ipairs({'active', 'delayed', 'completed', 'wait', 'paused', 'prioritized', 'failed'}) do
  remove_from(state, state == 'active' or state == 'wait' or state == 'paused')
  if left <= 0 then return {1, unfinished} end
end
local schedulers = call('ZRANGE', P .. 'repeat', '0', int(left - 1))
for i = 1, #schedulers do
  call('ZREM', P .. 'repeat', schedulers[i])
  call('DEL', P .. 'repeat:' .. schedulers[i])
end
if #schedulers == left then return {1, unfinished} end
for _, name in ipairs({'events', 'id', 'pc', 'marker', 'meta', 'stalled', 'stalled-check',
    'metrics:completed', 'metrics:completed:data', 'metrics:failed', 'metrics:failed:data'}) do
  call('DEL', P .. name)
end
return {0, unfinished}
