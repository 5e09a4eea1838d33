package immo.moncompte.keycloak.owners;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.connections.jpa.support.EntityManagerProxy;
import org.keycloak.connections.jpa.util.JpaUtils;
import org.keycloak.models.KeycloakSession;

/**
 * SQL for many rows at a time. A statement takes arrays instead of one parameter per value, so its
 * text is the same for any number of rows. PostgreSQL and H2 understand it. It is SQL because
 * Hibernate needs more time to build such a statement than PostgreSQL to execute it.
 *
 * <p>Statements name tables as <code>{user_entity}</code>.
 */
final class ManyRows {

  /**
   * Keycloak's own property of a session: its commit waits for the disk. Keycloak sets it when
   * Hibernate writes, and does not see what is written here (AsyncCommitIntegrator).
   */
  private static final String WAITS_FOR_DISK = "kc.sync_commit_required";

  /** What JDBC takes as an array of each SQL type. */
  private static final Map<String, Class<? extends Object[]>> ARRAYS =
      Map.of(
          "varchar", String[].class,
          "boolean", Boolean[].class,
          "bigint", Long[].class,
          "bytea", byte[][].class);

  private static final Pattern TABLE = Pattern.compile("\\{(\\w+)}");

  private final EntityManager entities;

  private ManyRows(EntityManager entities) {
    this.entities = entities;
  }

  /** In the transaction of a session. */
  static ManyRows of(KeycloakSession session) {
    return new ManyRows(session.getProvider(JpaConnectionProvider.class).getEntityManager());
  }

  /** What is made of a row of an answer. */
  interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  /**
   * A table, and the columns that are inserted.
   *
   * @param columns names and SQL types: {@code "id varchar, enabled boolean"}
   */
  record Table(String name, String columns) {}

  /**
   * Reads every row of an answer.
   *
   * @param parameters texts, and collections of texts for {@code = any(?)}; nothing is asked when
   *     one of them is empty
   */
  void read(String sql, Reader reader, Object... parameters) {
    if (Arrays.stream(parameters).anyMatch(one -> one instanceof Collection<?> c && c.isEmpty())) {
      return;
    }
    execute(
        sql,
        statement -> {
          set(statement, parameters);
          setPlans(statement.getConnection(), "force_custom_plan");
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              reader.read(rows);
            }
          }
          setPlans(statement.getConnection(), "auto");
        });
  }

  /**
   * Whether PostgreSQL plans a statement for its parameters. It does so for what is read here: a
   * load fills tables within seconds, and a connection keeps the plan that was right for empty
   * ones. It does not for what is written: each foreign key of each row would be planned, too.
   */
  private static void setPlans(Connection connection, String mode) throws SQLException {
    if ("PostgreSQL".equals(connection.getMetaData().getDatabaseProductName())) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("set local plan_cache_mode = " + mode);
      }
    }
  }

  /** Deletes the rows of these ids. */
  void delete(String table, List<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    write(
        "delete from {" + table + "} where id = any(?)",
        statement -> {
          set(statement, ids);
          statement.executeUpdate();
        });
  }

  /** Executes a statement once per list of texts, in one round trip. */
  void writeEach(String sql, List<List<String>> parameters) {
    if (parameters.isEmpty()) {
      return;
    }
    write(
        sql,
        statement -> {
          for (List<String> texts : parameters) {
            set(statement, texts.toArray());
            statement.addBatch();
          }
          statement.executeBatch();
        });
  }

  /**
   * Inserts rows, each with its values in the order of the table's columns.
   *
   * @throws org.keycloak.models.ModelDuplicateException when there is such a row already
   */
  void insert(Table table, List<Object[]> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<String[]> columns =
        Arrays.stream(table.columns.split(", ")).map(column -> column.split(" ")).toList();
    String names = columns.stream().map(column -> column[0]).collect(Collectors.joining(", "));
    String arrays =
        columns.stream()
            .map(column -> "cast(? as " + column[1] + " array)")
            .collect(Collectors.joining(", "));
    write(
        "insert into {%s} (%s) select * from unnest(%s)".formatted(table.name, names, arrays),
        statement -> {
          for (int i = 0; i < columns.size(); i++) {
            int at = i;
            Object[] values = rows.stream().map(row -> row[at]).toArray();
            setArray(statement, i + 1, columns.get(i)[1], values);
          }
          statement.executeUpdate();
        });
  }

  private interface Use {
    void of(PreparedStatement statement) throws SQLException;
  }

  private void write(String sql, Use use) {
    entities.setProperty(WAITS_FOR_DISK, true);
    execute(sql, use);
  }

  private void execute(String sql, Use use) {
    entities.flush(); // what was changed through Keycloak's model goes first
    try {
      entities
          .unwrap(Session.class)
          .doWork(
              connection -> {
                try (PreparedStatement statement = connection.prepareStatement(withTables(sql))) {
                  use.of(statement);
                }
              });
    } catch (PersistenceException e) {
      throw EntityManagerProxy.convert(e);
    }
  }

  private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] instanceof Collection<?> values) {
        setArray(statement, i + 1, "varchar", values.toArray());
      } else {
        statement.setString(i + 1, (String) parameters[i]);
      }
    }
  }

  private static void setArray(PreparedStatement statement, int at, String type, Object[] values)
      throws SQLException {
    Object[] typed = Arrays.copyOf(values, values.length, ARRAYS.get(type));
    statement.setArray(at, statement.getConnection().createArrayOf(type, typed));
  }

  /** The tables with the schema that Keycloak is told to use ({@code db-schema}), if it is. */
  private String withTables(String sql) {
    return TABLE
        .matcher(sql)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    JpaUtils.getTableNameForNativeQuery(found.group(1), entities)));
  }
}
