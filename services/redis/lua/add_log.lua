-- Appends a line to a job's log.
-- KEYS: none (keys derive from the prefix; Cluster needs a {tag} prefix)
-- ARGV: 1 prefix "bull:<queue>:"  2 job id  3 line  4 lines to keep, 0 = all
-- Returns: the number of lines kept, or -1 if there is no such job.
local key = ARGV[1] .. ARGV[2]
if redis.call('EXISTS', key) == 0 then return -1 end
local count = redis.call('RPUSH', key .. ':logs', ARGV[3])
local keep = tonumber(ARGV[4])
if keep > 0 and count > keep then
  redis.call('LTRIM', key .. ':logs', -keep, -1)
  count = keep
end
return count
