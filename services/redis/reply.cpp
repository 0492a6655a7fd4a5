#include "services/redis/reply.hpp"

#include <hiredis/hiredis.h>

#include <charconv>

namespace darkroom {

void reply_deleter::operator()(redisReply* reply) const {
  freeReplyObject(reply);
}

void reader_deleter::operator()(redisReader* reader) const {
  redisReaderFree(reader);
}

std::string_view text_of(const redisReply& reply) {
  if (reply.str == nullptr)
    return {};
  return {reply.str, reply.len};
}

int64_t number_of(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER)
    return reply.integer;
  auto text = text_of(reply);
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string_view text_in_reply(const redisReply& list, size_t index) {
  return index < list.elements ? text_of(*list.element[index])
                               : std::string_view{};
}

int64_t number_in_reply(const redisReply& list, size_t index) {
  return index < list.elements ? number_of(*list.element[index]) : 0;
}

} // namespace darkroom
