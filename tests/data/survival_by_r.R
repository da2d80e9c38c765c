# What R says of trial.csv, an invented trial with ties and censoring at event times, and of some proportions.
# Run it in this folder: Rscript survival_by_r.R; r_version.txt says with which R the figures were made.
library(survival)
trial <- read.csv("trial.csv")
figures <- function(frame, file) write.csv(format(frame, digits = 17, trim = TRUE), file, row.names = FALSE, quote = FALSE)
by_group <- function(of_group) do.call(rbind, lapply(c("all", "A", "B"), function(group) {
  subjects <- if (group == "all") trial else trial[trial$arm == group, ]
  data.frame(group = group, of_group(survfit(Surv(week, event) ~ 1, subjects, conf.type = "log-log")))
}))
figures(by_group(function(fit) {
  data.frame(time = fit$time, at_risk = fit$n.risk, events = fit$n.event, censored = fit$n.censor,
             survival = fit$surv, lower = fit$lower, upper = fit$upper)
}), "survival_estimates.csv")
figures(by_group(function(fit) {
  q <- quantile(fit, c(0.25, 0.5, 0.75))
  data.frame(probability = c(0.25, 0.5, 0.75), estimate = q$quantile, lower = q$lower, upper = q$upper)
}), "survival_quantiles.csv")
figures(by_group(function(fit) {
  s <- summary(fit, times = c(2, 3, 9, 10, 15), extend = TRUE)
  data.frame(time = s$time, at_risk = s$n.risk, survival = s$surv, lower = s$lower, upper = s$upper)
}), "survival_at_times.csv")
pairs <- data.frame(responders = c(0, 1, 8, 18, 19, 0, 1, 37), subjects = c(19, 19, 19, 19, 19, 1, 1, 95))
figures(cbind(pairs, t(mapply(function(x, n) {
  test <- binom.test(x, n)
  c(estimate = unname(test$estimate), lower = test$conf.int[1], upper = test$conf.int[2])
}, pairs$responders, pairs$subjects))), "proportions.csv")
writeLines(c(R.version.string, paste("survival", packageVersion("survival"))), "r_version.txt")
