package immo.moncompte.keycloak.owners;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.hibernate.jdbc.Work;
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

  /** A table and the columns that are inserted. */
  record Table(String name, Column... columns) {

    private String insertion() {
      return "insert into {%s} (%s) select * from unnest(%s)"
          .formatted(
              name,
              Arrays.stream(columns).map(Column::name).collect(Collectors.joining(", ")),
              Arrays.stream(columns)
                  .map(column -> "cast(? as " + column.type + " array)")
                  .collect(Collectors.joining(", ")));
    }
  }

  /**
   * A column of a table.
   *
   * @param type its SQL type
   * @param arrays the Java type of an array of its values
   */
  record Column(String name, String type, Class<? extends Object[]> arrays) {

    static Column text(String name) {
      return new Column(name, "varchar", String[].class);
    }

    static Column bool(String name) {
      return new Column(name, "boolean", Boolean[].class);
    }

    static Column whole(String name) {
      return new Column(name, "bigint", Long[].class);
    }

    static Column bytes(String name) {
      return new Column(name, "bytea", byte[][].class);
    }
  }

  /**
   * Reads every row of an answer.
   *
   * @param parameters texts, and collections of texts for {@code = any(?)}
   */
  void read(String sql, Reader reader, Object... parameters) {
    work(
        connection -> {
          try (PreparedStatement statement = prepared(connection, sql, parameters);
              ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              reader.read(rows);
            }
          }
        });
  }

  /** Deletes or updates with one statement; parameters as in {@link #read}. */
  void write(String sql, Object... parameters) {
    entities.setProperty(WAITS_FOR_DISK, true);
    work(
        connection -> {
          try (PreparedStatement statement = prepared(connection, sql, parameters)) {
            statement.executeUpdate();
          }
        });
  }

  /** Executes a statement once per list of texts, in one round trip. */
  void writeEach(String sql, List<List<String>> parameters) {
    if (parameters.isEmpty()) {
      return;
    }
    entities.setProperty(WAITS_FOR_DISK, true);
    work(
        connection -> {
          try (PreparedStatement statement = prepared(connection, sql)) {
            for (List<String> texts : parameters) {
              set(statement, texts.toArray());
              statement.addBatch();
            }
            statement.executeBatch();
          }
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
    entities.setProperty(WAITS_FOR_DISK, true);
    work(
        connection -> {
          try (PreparedStatement statement = prepared(connection, table.insertion())) {
            for (int i = 0; i < table.columns.length; i++) {
              Column column = table.columns[i];
              int at = i;
              Object[] values = rows.stream().map(row -> row[at]).toArray();
              Object[] typed = Arrays.copyOf(values, values.length, column.arrays);
              statement.setArray(i + 1, connection.createArrayOf(column.type, typed));
            }
            statement.executeUpdate();
          }
        });
  }

  private void work(Work work) {
    entities.flush(); // what was changed through Keycloak's model goes first
    try {
      entities.unwrap(Session.class).doWork(work);
    } catch (PersistenceException e) {
      throw EntityManagerProxy.convert(e);
    }
  }

  private PreparedStatement prepared(Connection connection, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(withTables(sql));
    set(statement, parameters);
    return statement;
  }

  private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] instanceof Collection<?> values) {
        String[] texts = values.toArray(new String[0]);
        statement.setArray(i + 1, statement.getConnection().createArrayOf("varchar", texts));
      } else {
        statement.setString(i + 1, (String) parameters[i]);
      }
    }
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
