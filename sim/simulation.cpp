#include "sim/simulation.hpp"

#include "sim/faults.hpp"
#include "sim/rest_check.hpp"

namespace darkroom::sim {

namespace {

/// More than any play takes. Ends plays whose actors answer each other forever.
constexpr uint64_t most_steps = 2000000;

constexpr uint32_t images = 4; // each has several jobs of one part

/// A random job for the queue.
new_job draw_job(dice& random, uint32_t number) {
  static const char* const names[] = {
    "sleep", "sleep", "sleep", "chain", "generate-embeddings", "echo", "flaky"};
  new_job out;
  out.name = names[random.below(std::size(names))];
  out.data = "{}";
  if (out.name == "flaky")
    out.data = R"({"failTimes":1})";
  if (out.name == "generate-embeddings")
    out.data = R"({"imageId":"image-)" + std::to_string(random.below(images))
               + "\"}";
  if (out.name == "chain")
    out.data = R"({"next":{"name":"sleep","data":{"of":"label-)"
               + std::to_string(number) + "\"}}}";
  out.options = random.percent(50)
                  ? R"({"attempts":3,"backoff":{"type":"fixed","delay":400}})"
                  : R"({"attempts":2})";
  if (random.percent(15))
    out.delay_ms = static_cast<int64_t>(random.below(4000));
  if (random.percent(20))
    out.priority = 1 + static_cast<uint32_t>(random.below(3));
  out.lifo = random.percent(10);
  return out;
}

class simulation {
public:
  explicit simulation(const simulation_options& options)
    : stage_(options.seed, options.prints),
      play_(draw_scenario(stage_.random(), options.jobs)),
      net_(stage_, play_.config.cluster.node_timeout),
      redis_(stage_, play_.config.queue, options.put_in),
      world_{stage_, net_, redis_, play_},
      cluster_(world_),
      faults_(world_, cluster_),
      rest_(world_, cluster_, faults_) {
    net_.deliver_filter = spoil_network(options.put_in);
  }

  void run() {
    add_jobs();
    cluster_.start();
    faults_.start();
    while (stage_.violation().empty()) {
      if (stage_.step())
        continue;
      rest_.look();
      if (is_over())
        break;
      if (!stage_.advance())
        stage_.blame("nothing happens any more");
      check_limits();
    }
    if (stage_.violation().empty()) {
      redis_.books().close();
      rest_.close();
    }
  }

  simulation_report report() const {
    return {{},
            stage_.violation(),
            stage_.hash(),
            stage_.steps(),
            redis_.queue().jobs.size(),
            stage_.now().count() / 1000};
  }

private:
  void add_jobs() {
    auto& random = stage_.random();
    for (uint32_t i = 0; i < play_.jobs; ++i) {
      // Some jobs come at once; the last one comes when all faults are over.
      auto at = random.percent(30) ? microseconds{0}
                                   : random.between({}, scenario::last_add);
      stage_.in(at, [this, x = draw_job(random, i)] {
        redis_.add(x, stage_.now_ms());
      });
    }
    stage_.in(scenario::last_add, [this] { is_all_added_ = true; });
  }

  bool is_over() {
    return is_all_added_ && redis_.books().is_over() && rest_.is_reached();
  }

  void check_limits() {
    if (stage_.now() > scenario::last_add + scenario::patience)
      stage_.blame("not everything ends: " + rest_.what_is_left());
    if (stage_.steps() > most_steps)
      stage_.blame("actors answer each other without end");
  }

  stage stage_;
  scenario play_;
  network net_;
  redis_server redis_;
  world world_;
  cluster cluster_;
  faults faults_;
  rest_check rest_;
  bool is_all_added_ = false;
};

} // namespace

simulation_report simulate(const simulation_options& options) {
  // Not destroyed: see above. NOLINTNEXTLINE(cppcoreguidelines-owning-memory)
  auto* play = new simulation{options};
  play->run();
  auto out = play->report();
  out.seed = options.seed;
  return out;
}

} // namespace darkroom::sim
