#include "tests/support/queue_look.hpp"

namespace darkroom {

queue_look::queue_look() {
  raw({"FLUSHALL"});
}

strings queue_look::raw(const strings& words) {
  redis_command command{words.begin(), words.end()};
  auto reply = must(redis.call(command));
  strings out;
  flatten(*reply, out);
  return out;
}

std::string queue_look::one(const strings& words) {
  auto all = raw(words);
  return all.empty() ? "(empty)" : all.front();
}

strings queue_look::list(const std::string& name) {
  return raw({"LRANGE", P + name, "0", "-1"});
}

strings queue_look::members(const std::string& name) {
  return raw({"ZRANGE", P + name, "0", "-1"});
}

std::string queue_look::score(const std::string& name,
                              const std::string& member) {
  return one({"ZSCORE", P + name, member});
}

std::string queue_look::field(const std::string& id, const std::string& name) {
  return one({"HGET", P + id, name});
}

bool queue_look::exists(const std::string& name) {
  return one({"EXISTS", P + name}) == "1";
}

int64_t queue_look::ttl(const std::string& name) {
  return std::stoll(one({"PTTL", P + name}));
}

void queue_look::set_meta(const std::string& name, const std::string& value) {
  raw({"HSET", P + "meta", name, value});
}

bool queue_look::take_marker() {
  return one({"ZREM", P + "marker", "0"}) == "1";
}

strings queue_look::events() {
  strings out;
  auto reply = must(redis.call({"XRANGE", events_key, "(" + seen, "+"}));
  for (size_t i = 0; i < reply->elements; ++i) {
    const auto& entry = *reply->element[i];
    seen = text_of(*entry.element[0]);
    strings words;
    flatten(*entry.element[1], words);
    auto line = words.at(1);
    for (size_t k = 2; k + 1 < words.size(); k += 2)
      line += " " + words[k] + "=" + words[k + 1];
    out.push_back(line);
  }
  return out;
}

std::string queue_look::nth(const strings& all, size_t index) {
  return index < all.size() ? all[index] : "(none)";
}

void queue_look::flatten(const redisReply& reply, strings& out) {
  if (reply.type == REDIS_REPLY_ARRAY) {
    for (size_t i = 0; i < reply.elements; ++i)
      flatten(*reply.element[i], out);
  } else if (reply.type == REDIS_REPLY_NIL) {
    out.emplace_back("(nil)");
  } else if (reply.type == REDIS_REPLY_INTEGER) {
    out.push_back(std::to_string(reply.integer));
  } else {
    out.emplace_back(text_of(reply));
  }
}

} // namespace darkroom
