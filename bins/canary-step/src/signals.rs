//! Hard signals: what pods, Deployments and Jobs say that no statistics are needed for.
