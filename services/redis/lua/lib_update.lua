-- Fragment: writes the log lines and the progress of running jobs. Drops those of
-- a job that was removed. Needs lib_queue.lua.
local function add_log_line(id, line, keep)
  -- An error if a stranger put something else there: then the line is dropped.
  local count = redis.pcall('RPUSH', P .. id .. ':logs', line)
  if keep > 0 and type(count) == 'number' and count > keep then
    call('LTRIM', P .. id .. ':logs', -keep, -1)
  end
end

local function set_progress(id, progress)
  call('HSET', P .. id, 'progress', progress)
  event('progress', 'jobId', id, 'data', progress)
end

-- The updates in ARGV[first] to ARGV[last], four arguments each: job id,
-- 'log' or 'progress', the line or the progress (JSON), log lines to keep (0 = all).
local function write_updates(first, last)
  for i = first, last, 4 do
    local id, kind, value, keep = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
    if is_hash(id) then
      if kind == 'log' then
        add_log_line(id, value, tonumber(keep))
      else
        set_progress(id, value)
      end
    end
  end
end
