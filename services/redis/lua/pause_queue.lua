-- Pauses or resumes the queue like BullMQ 6: waiting jobs stay in line. In a
-- queue made by v5 clients, they are moved aside like in v5.
-- KEYS: none
-- ARGV: 1 prefix "bull:<queue>:"  2 "1" to pause, "0" to resume
-- Returns: 1 if the state changed, else 0. Adds an event in both cases.
local P, now = ARGV[1], '0'
-- include lib_queue.lua
local META = P .. 'meta'
if ARGV[2] == '1' then
  call('HSET', META, 'paused', '1')
  call('DEL', MARKER)
  local was_paused = meta[1]
  turn_to(P)
  if LINE ~= WAIT and call('EXISTS', WAIT) == 1 then call('RENAMENX', WAIT, LINE) end
  tell('paused')
  return was_paused and 0 or 1
end
-- A v5 client moved the waiting jobs aside when it paused.
local PAUSED = P .. 'paused'
if call('EXISTS', PAUSED) == 1 then
  if call('EXISTS', WAIT) == 0 then
    call('RENAME', PAUSED, WAIT)
  else
    local aside = call('LRANGE', PAUSED, '0', '-1')
    for i = 1, #aside, 5000 do
      call('RPUSH', WAIT, unpack(aside, i, math.min(i + 4999, #aside)))
    end
    call('DEL', PAUSED)
  end
end
call('HDEL', META, 'paused')
if call('EXISTS', WAIT, PRIORITIZED) > 0 then wake() else wake_when_due() end
tell('resumed')
return meta[1] and 1 or 0
