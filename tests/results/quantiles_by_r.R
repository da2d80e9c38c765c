# Makes quantiles_by_r.csv: small random samples with many ties, and R's quartiles of each with log-log limits.
# Run it in this folder: Rscript quantiles_by_r.R (R 4.2, survival 3.5-3).
library(survival)
set.seed(19)
one <- function(i) {
  n <- sample(1:24, 1)
  time <- sample(1:sample(c(4, 10, 60), 1), n, replace = TRUE)
  event <- as.integer(runif(n) < sample(c(0.3, 0.6, 0.9, 1), 1))
  q <- quantile(survfit(Surv(time, event) ~ 1, conf.type = "log-log"))
  numbers <- rbind(q$quantile, q$lower, q$upper)
  data.frame(time = paste(time, collapse = " "), event = paste(event, collapse = " "), matrix(numbers, nrow = 1))
}
answers <- do.call(rbind, lapply(1:80, one))
names(answers)[-(1:2)] <- paste0(c("q", "lower", "upper"), rep(c(25, 50, 75), each = 3))
write.csv(answers, "quantiles_by_r.csv", row.names = FALSE, quote = FALSE, na = "")
