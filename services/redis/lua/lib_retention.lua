-- Fragment: how ended jobs are kept, removed and counted. Needs lib_queue.lua,
-- lib_parent.lua and the local metrics_points. `extra` is that of lib_settle.lua.

local function delete_jobs(ids)
  local keys = {}
  for i = 1, #ids do
    local key, n = P .. ids[i], #keys
    keys[n + 1], keys[n + 2], keys[n + 3] = key, key .. ':logs', key .. ':dependencies'
    keys[n + 4], keys[n + 5], keys[n + 6] = key .. ':processed', key .. ':failed', key .. ':unsuccessful'
  end
  call('DEL', unpack(keys))
end

-- Jobs that enter completed or failed. They are collected while the retention
-- stays the same, then written and trimmed together.
local run = {target = '', text = '', entries = {}, keep = {}}

local function trim(target, old)
  local home = P
  for i = 1, #old, 500 do
    local slice = {}
    for j = i, math.min(i + 499, #old) do
      slice[#slice + 1] = old[j]
      -- An error with an old job's parent must not stop the settlement of new
      -- jobs.
      if not pcall(drop_from_parent, old[j]) then turn_to(home) end
    end
    call('ZREM', target, unpack(slice))
    delete_jobs(slice)
  end
end

local function flush_run()
  if #run.entries == 0 then return end
  local target, keep = P .. run.target, run.keep
  call('ZADD', target, unpack(run.entries))
  if keep.ka then
    -- The limit is per job, as if each job had ended in its own call. Among the
    -- jobs that are too old, the newest are removed first, like in BullMQ.
    local limit = (keep.kl or 1000) * #run.entries / 2
    trim(target, call('ZREVRANGEBYSCORE', target, int(tonumber(now) - keep.ka * 1000),
      '-inf', 'LIMIT', '0', int(math.max(-1, math.min(limit, 9e15)))))
  end
  if keep.kc then trim(target, call('ZRANGE', target, '0', int(-keep.kc - 1))) end
  run.entries = {}
end

local function keep_finished(s, target, extra)
  if extra.kc == 0 then
    if s.fields[4] then drop_from_parent(s.id) end
    s.kept = true
    delete_jobs({s.id})
    return
  end
  local text = (extra.kc or '') .. '/' .. (extra.ka or '') .. '/' .. (extra.kl or '')
  if run.target ~= target or run.text ~= text then
    flush_run()
    run.target, run.text, run.keep = target, text, extra
  end
  run.entries[#run.entries + 1] = now
  run.entries[#run.entries + 1] = s.id
  s.kept = true
end

local function count_metric(target)
  if metrics_points <= 0 then return end
  local key = P .. 'metrics:' .. target
  local count = call('HINCRBY', key, 'count', '1') - 1
  local prev = call('HMGET', key, 'prevTS', 'prevCount')
  if not prev[1] then
    call('HSET', key, 'prevTS', now, 'prevCount', '0')
    return
  end
  local minutes = math.min(math.floor(now / 60000) - math.floor(prev[1] / 60000), metrics_points)
  if minutes <= 0 then return end
  call('LPUSH', key .. ':data', int(count - (prev[2] or 0)))
  for _ = 2, minutes do call('LPUSH', key .. ':data', '0') end
  call('LTRIM', key .. ':data', '0', int(metrics_points - 1))
  call('HSET', key, 'prevCount', int(count), 'prevTS', now)
end
