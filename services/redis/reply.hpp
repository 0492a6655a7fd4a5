/// Commands for Redis, and answers as hiredis reads them.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

struct redisReader;
struct redisReply;

namespace darkroom {

/// A command and its arguments; the views must live until the call returns.
using redis_command = std::vector<std::string_view>;

/// Frees a reply of hiredis.
struct reply_deleter {
  void operator()(redisReply* reply) const;
};
using redis_reply = std::unique_ptr<redisReply, reply_deleter>;

/// Frees a parser of hiredis.
struct reader_deleter {
  void operator()(redisReader* reader) const;
};
using redis_reader = std::unique_ptr<redisReader, reader_deleter>;

/// The reply's text; empty for anything but a string.
std::string_view text_of(const redisReply& reply);

/// The reply as a number; 0 if it is not a number.
int64_t number_of(const redisReply& reply);

/// The same of an entry of a list; empty or 0 if the list is shorter.
std::string_view text_in_reply(const redisReply& list, size_t index);
int64_t number_in_reply(const redisReply& list, size_t index);

} // namespace darkroom
