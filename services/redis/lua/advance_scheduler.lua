-- Adds the next iteration of a job scheduler after its current one was taken.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 now, ms  3 scheduler's id
--       4 slot of the iteration that was taken, ms  5 next slot, ms
--       6 the next job's options (JSON)  7 its delay, ms  8 its priority
--       9 1 for lifo
-- Returns: 1 if it was added; 0 if the scheduler is gone, has already gone on, or
--   has a job for that slot; -1 if the scheduler is of the kind before v5.
-- include lib_fence.lua
local P, now = ARGV[1], ARGV[2]
-- include lib_queue.lua
-- include lib_parent.lua
-- include lib_add.lua
local scheduler, record = ARGV[3], P .. 'repeat:' .. ARGV[3]
local slot = call('ZSCORE', P .. 'repeat', scheduler)
if not slot or tonumber(slot) ~= tonumber(ARGV[4]) then return 0 end
local h = call('HMGET', record, 'ic', 'name', 'data')
if not h[1] or not h[2] then return -1 end
local id = 'repeat:' .. scheduler .. ':' .. ARGV[5]
if call('EXISTS', P .. id) == 1 then
  event('duplicated', 'jobId', id)
  return 0
end
call('ZADD', P .. 'repeat', ARGV[5], scheduler)
call('HSET', record, 'ic', int((number_of(h[1]) or 0) + 1))
call('INCR', P .. 'id')
store_job(id, h[2], h[3] or '{}', ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]),
  ARGV[9] == '1', {'rjk', scheduler})
return 1
