#include "impls/foreign/workers.hpp"

#include <chrono>

namespace audit::impls::foreign {
namespace {

// What a function may cost: the workers that it ends, and the time that they take to end and to be started again.
// Enough for one that fails now and then to be audited to the end, and little enough for one that always does.
constexpr int most_workers = 60;
constexpr Seconds most_time{5};

using Clock = std::chrono::steady_clock;

}  // namespace

Workers::Workers(Origin origin) : origin_(std::move(origin)) {
  auto first = std::make_unique<Session>(nursery_, origin_);
  description_ = std::make_unique<const Description>(first->description());
  costs_.resize(description_->count);
  give_back(std::move(first));
}

int Workers::run(const Function& function, const Call& call) {
  auto session = take(function);
  const auto start = Clock::now();
  try {
    const int status = session->run(function, call);
    give_back(std::move(session));
    return status;
  } catch (const Accident&) {
    if (session->alive())
      give_back(std::move(session));
    else
      charge(function, Clock::now() - start);
    throw;
  }
}

Stopwatch Workers::stopwatch(const Function& function, const Timing& timing) {
  const auto session = std::make_shared<Session>(nursery_, origin_);
  session->lay_out(function, timing);
  return [session, function](std::size_t calls) { return session->time(function, calls); };
}

std::unique_ptr<Session> Workers::take(const Function& function) {
  {
    const std::scoped_lock lock(mutex_);
    const Cost& cost = costs_[function.place];
    if (cost.workers >= most_workers || cost.time >= most_time) throw Accident(Accident::Kind::given_up, not_asked);
    if (auto own = idle_.extract(std::this_thread::get_id())) return std::move(own.mapped());
  }
  const auto start = Clock::now();
  auto session = std::make_unique<Session>(nursery_, origin_);
  const std::scoped_lock lock(mutex_);
  if (costs_[function.place].workers > 0) costs_[function.place].time += Clock::now() - start;
  return session;
}

void Workers::give_back(std::unique_ptr<Session> session) {
  const std::scoped_lock lock(mutex_);
  idle_.insert_or_assign(std::this_thread::get_id(), std::move(session));
}

void Workers::charge(const Function& function, Seconds time) {
  const std::scoped_lock lock(mutex_);
  ++costs_[function.place].workers;
  costs_[function.place].time += time;
}

}  // namespace audit::impls::foreign
