// Darkroom's index of vectors beside a plain loop, hnswlib and sqlite-vec: how
// long a query takes, and how many of the nearest it finds.
//
// usage: search_bench VEC0.so [COUNT…]
//
// Prints one line of JSON per system and count. Vectors have 512 floats. They
// are drawn around 200 centres, as descriptions of pictures are: on vectors
// without any order, HNSW finds far less.
#include "services/vector/vector_index.hpp"

#include <hnswlib/hnswlib.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

namespace {

constexpr size_t dimensions = 512;
constexpr size_t k = 10;
constexpr size_t centres = 200;
constexpr size_t queries = 200;
constexpr size_t warm_up = 10;

using floats = std::vector<float>;
using answer = std::vector<size_t>;

struct data {
  std::vector<floats> vectors;
  std::vector<floats> asked;
};

void normalise(floats& x) {
  double square = 0;
  for (auto value : x)
    square += double{value} * value;
  for (auto& value : x)
    value = static_cast<float>(value / std::sqrt(square));
}

data make_data(size_t count) {
  std::mt19937 dice{42};
  std::normal_distribution<float> normal;
  std::vector<floats> middles(centres, floats(dimensions));
  for (auto& middle : middles)
    for (auto& value : middle)
      value = normal(dice);
  auto draw = [&] {
    auto out = middles[dice() % centres];
    for (auto& value : out)
      value += normal(dice);
    normalise(out);
    return out;
  };
  data out;
  for (size_t i = 0; i < count; ++i)
    out.vectors.push_back(draw());
  for (size_t i = 0; i < queries; ++i)
    out.asked.push_back(draw());
  return out;
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "search_bench: %s\n", why.c_str());
  std::exit(1);
}

/// What a plain loop finds, in double precision.
answer nearest(const data& from, const floats& query) {
  std::vector<std::pair<double, size_t>> all;
  for (size_t i = 0; i < from.vectors.size(); ++i) {
    double product = 0;
    for (size_t j = 0; j < dimensions; ++j)
      product += double{from.vectors[i][j]} * query[j];
    all.emplace_back(-product, i);
  }
  std::partial_sort(all.begin(), all.begin() + k, all.end());
  answer out;
  for (size_t i = 0; i < k; ++i)
    out.push_back(all[i].second);
  return out;
}

using search = std::function<answer(const floats&)>;

/// CPU time of this thread, which other programs do not prolong.
double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3
         + static_cast<double>(now.tv_nsec) / 1e6;
}

/// Asks all queries, and prints times and recall.
void measure(const std::string& system, const data& from,
             const std::vector<answer>& truth, double build_s,
             const search& ask) {
  for (size_t i = 0; i < warm_up; ++i)
    (void)ask(from.asked[i]);
  std::vector<double> times;
  std::vector<double> cpu_times;
  size_t found = 0;
  for (size_t i = 0; i < queries; ++i) {
    auto cpu_begun = cpu_ms();
    auto begun = std::chrono::steady_clock::now();
    auto got = ask(from.asked[i]);
    std::chrono::duration<double, std::milli> took
      = std::chrono::steady_clock::now() - begun;
    times.push_back(took.count());
    cpu_times.push_back(cpu_ms() - cpu_begun);
    std::unordered_set<size_t> right{truth[i].begin(), truth[i].end()};
    for (auto x : got)
      found += right.count(x);
  }
  std::sort(times.begin(), times.end());
  std::sort(cpu_times.begin(), cpu_times.end());
  nlohmann::json line{{"system", system},
                      {"count", from.vectors.size()},
                      {"build_s", build_s},
                      {"p50_ms", times[queries / 2]},
                      {"p99_ms", times[queries * 99 / 100]},
                      {"cpu_p99_ms", cpu_times[queries * 99 / 100]},
                      {"recall", static_cast<double>(found) / (queries * k)}};
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun)
    .count();
}

void measure_darkroom(const data& from, const std::vector<answer>& truth) {
  auto begun = std::chrono::steady_clock::now();
  darkroom::vector_index index{dimensions};
  for (size_t i = 0; i < from.vectors.size(); ++i)
    if (!index.upsert(std::to_string(i), from.vectors[i]))
      give_up("the index refuses a vector");
  measure("darkroom", from, truth, seconds_since(begun), [&](const auto& x) {
    answer out;
    for (const auto& hit : *index.search(x, k))
      out.push_back(std::stoul(hit.id));
    return out;
  });
}

void measure_hnswlib(const data& from, const std::vector<answer>& truth) {
  auto begun = std::chrono::steady_clock::now();
  hnswlib::InnerProductSpace space{dimensions};
  hnswlib::HierarchicalNSW<float> index{&space, from.vectors.size(), 16, 200};
  for (size_t i = 0; i < from.vectors.size(); ++i)
    index.addPoint(from.vectors[i].data(), i);
  index.setEf(100);
  measure("hnswlib", from, truth, seconds_since(begun), [&](const auto& x) {
    auto found = index.searchKnn(x.data(), k);
    answer out;
    for (; !found.empty(); found.pop())
      out.push_back(found.top().second);
    return out;
  });
}

struct closer {
  void operator()(sqlite3* x) const {
    sqlite3_close(x);
  }
  void operator()(sqlite3_stmt* x) const {
    sqlite3_finalize(x);
  }
};

using statement = std::unique_ptr<sqlite3_stmt, closer>;

statement prepare(sqlite3* db, const char* sql) {
  sqlite3_stmt* out = nullptr;
  if (sqlite3_prepare_v2(db, sql, -1, &out, nullptr) != SQLITE_OK)
    give_up(sqlite3_errmsg(db));
  return statement{out};
}

void bind(sqlite3_stmt* to, const floats& x) {
  sqlite3_bind_blob(to, 1, x.data(), static_cast<int>(sizeof(float) * x.size()),
                    SQLITE_STATIC);
}

void measure_sqlite_vec(const data& from, const std::vector<answer>& truth,
                        const char* extension) {
  sqlite3* raw = nullptr;
  sqlite3_open(":memory:", &raw);
  std::unique_ptr<sqlite3, closer> db{raw};
  sqlite3_enable_load_extension(raw, 1);
  if (sqlite3_load_extension(raw, extension, nullptr, nullptr) != SQLITE_OK)
    give_up(sqlite3_errmsg(raw));
  auto begun = std::chrono::steady_clock::now();
  sqlite3_exec(raw,
               "CREATE VIRTUAL TABLE v USING vec0("
               "x float[512] distance_metric=cosine); BEGIN",
               nullptr, nullptr, nullptr);
  auto insert = prepare(raw, "INSERT INTO v (rowid, x) VALUES (?2, ?1)");
  for (size_t i = 0; i < from.vectors.size(); ++i) {
    bind(insert.get(), from.vectors[i]);
    sqlite3_bind_int64(insert.get(), 2, static_cast<sqlite3_int64>(i));
    if (sqlite3_step(insert.get()) != SQLITE_DONE)
      give_up(sqlite3_errmsg(raw));
    sqlite3_reset(insert.get());
  }
  sqlite3_exec(raw, "COMMIT", nullptr, nullptr, nullptr);
  auto query = prepare(raw, "SELECT rowid FROM v WHERE x MATCH ?1 AND k = 10");
  measure("sqlite-vec", from, truth, seconds_since(begun), [&](const auto& x) {
    bind(query.get(), x);
    answer out;
    while (sqlite3_step(query.get()) == SQLITE_ROW)
      out.push_back(static_cast<size_t>(sqlite3_column_int64(query.get(), 0)));
    sqlite3_reset(query.get());
    return out;
  });
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2)
    give_up("usage: search_bench VEC0.so [COUNT…]");
  std::vector<size_t> counts;
  for (auto i = 2; i < argc; ++i)
    counts.push_back(std::strtoul(argv[i], nullptr, 10));
  if (counts.empty())
    counts = {1000, 10000, 100000};
  for (auto count : counts) {
    if (count < 2 * k)
      give_up("a count must be a number of at least 20");
    auto from = make_data(count);
    std::vector<answer> truth;
    for (const auto& x : from.asked)
      truth.push_back(nearest(from, x));
    measure_darkroom(from, truth);
    measure_sqlite_vec(from, truth, argv[1]);
    measure_hnswlib(from, truth);
  }
  return 0;
}
