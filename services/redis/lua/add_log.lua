-- Appends a line to a job's log.
-- KEYS: none, or 1 the fence, see lib_fence.lua
-- ARGV: 1 prefix "bull:<queue>:"  2 job id  3 line  4 lines to keep, 0 = all
-- Returns: the number of lines kept, or -1 if there is no such job.
-- include lib_fence.lua
local key = ARGV[1] .. ARGV[2]
if redis.call('EXISTS', key) == 0 then return -1 end
local count = redis.call('RPUSH', key .. ':logs', ARGV[3])
local keep = tonumber(ARGV[4])
if keep > 0 and count > keep then
  redis.call('LTRIM', key .. ':logs', -keep, -1)
  count = keep
end
return count
